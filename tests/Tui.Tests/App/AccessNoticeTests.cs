using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

/// <summary>What is said of the way in before it closes.</summary>
public sealed class AccessNoticeTests
{
    [Theory]
    [InlineData(29, "Your token ends in 29 days")]
    [InlineData(1, "Your token ends in 24 hours")]
    [InlineData(31, null)]
    [InlineData(null, null)]
    public void A_token_that_ends_within_30_days_is_told_of_at_the_start(int? days, string? said)
    {
        var s = Some.Empty.After(
            new ServerMsg.SignedIn("dora", Roles.Member) { TokenEnds = days is { } left ? Some.Now.AddDays(left) : null }
        );

        (s.Note?.Text ?? "").Should().StartWith(said ?? "").And.HaveLength(said is null ? 0 : s.Note!.Text.Length);
        s.Session.Me.Should().Be("dora");
    }

    [Fact]
    public void An_access_link_is_told_of_at_once_and_at_the_start()
    {
        Some.Empty.After(
                new ServerMsg.SignedIn("dora", Roles.Member)
                {
                    Access = new() { By = "ana", At = Some.Now },
                }
            )
            .Note!.Text.Should()
            .StartWith("@ana made an access link for your account");
        Some.Empty.After(new ServerMsg.EventArrived(new() { Type = EventTypes.AccessGiven, At = Some.Now }))
            .Note!.Text.Should()
            .Be("The host made an access link for your account.");
    }

    [Fact]
    public void A_bots_token_that_ends_is_told_of_in_words_that_command_no_terminal()
    {
        var token = new EndingToken
        {
            Id = "01k9zj4v8h3q5n7r2t6w8y0abc",
            Name = "night\e[31mly",
            Owner = new() { Handle = "ci", DisplayName = "CI" },
            ExpiresAt = Some.Now.AddDays(30),
        };

        Some.Empty.After(
                new ServerMsg.EventArrived(
                    new()
                    {
                        Type = EventTypes.TokenExpiring,
                        At = Some.Now,
                        Token = token,
                    }
                )
            )
            .Note!.Text.Should()
            .Be("The token \"nightly\" of @ci ends in 30 days.");
    }
}
