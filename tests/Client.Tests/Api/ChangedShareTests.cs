using StoriesCli.Contracts;

namespace StoriesCli.Client.Tests.Api;

public sealed class ChangedShareTests
{
    [Theory]
    [InlineData(0, "nothing changed")]
    [InlineData(0.0000001, "less than 0.1 % changed")]
    [InlineData(0.001, "0.1 % changed")]
    [InlineData(0.0316, "3.2 % changed")]
    [InlineData(0.5, "50 % changed")]
    [InlineData(0.9989, "99.9 % changed")]
    [InlineData(0.9999, "more than 99.9 % changed")]
    [InlineData(1, "everything changed")]
    public void A_share_is_never_rounded_to_nothing_or_all(double share, string words)
    {
        var picture = new StoryMedia
        {
            Type = "image/png",
            Bytes = 1,
            Sha256 = new string('0', 64),
        };

        ChangedShare
            .Describe(
                new()
                {
                    ChangedShare = share,
                    Before = picture,
                    Difference = picture,
                }
            )
            .Should()
            .Be(words);
    }
}
