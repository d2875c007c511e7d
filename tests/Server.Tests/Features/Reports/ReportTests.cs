using System.Net;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Reports;

public sealed class ReportTests
{
    [Fact]
    public async Task An_admin_sees_what_was_reported_by_its_id_and_nowhere_else()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        var cem = await host.SignInAsync("cem");
        using var dan = host.Wire(await host.JoinAsync("dan"));
        var story = await bob.Stories.PostAsync(
            new NewStory { Audience = ["cem"] },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "k",
            progress: null
        );
        foreach (var path in (string[])["", "/media", "/poster"])
        {
            (await owner.GetAsync($"/v1/stories/{story.Id}{path}")).Code.Should().Be("story_not_found");
        }
        (await owner.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}", null)).Code.Should().Be("story_not_found");

        await cem.Reports.CreateAsync(story.Id, "first thought");
        await cem.Reports.CreateAsync(story.Id, "a \u001b[31msecret");
        await host.RestartAsync();

        var report = (await owner.GetAsync("/v1/admin/reports")).Json.GetProperty("items").EnumerateArray().Single();
        (
            report.GetProperty("story").GetProperty("id").GetString(),
            report.GetProperty("reporter").GetProperty("handle").GetString(),
            report.GetProperty("reason").GetString()
        )
            .Should()
            .Be((story.Id, "cem", "a secret"));
        foreach (var path in (string[])["", "/media", "/poster"])
        {
            (await owner.GetAsync($"/v1/stories/{story.Id}{path}")).Status.Should().Be(HttpStatusCode.OK, path);
            (await dan.GetAsync($"/v1/stories/{story.Id}{path}")).Code.Should().Be("story_not_found", "a member learns nothing");
        }
        (await owner.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await owner.GetAsync("/v1/tray")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await owner.GetAsync($"/v1/stories/{story.Id}/replies")).Code.Should().Be("story_not_found");
        (await owner.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/ack", null)).Code.Should().Be("story_not_found");
        (await dan.GetAsync("/v1/admin/reports")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_admin_does_not_learn_who_reported_a_story_of_their_own_and_other_admins_do()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        using var other = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        var bob = await host.SignInAsync("bob");
        var own = (await owner.PostJsonAsync("/v1/stories", """{ "text": "by an admin" }""")).Json.GetProperty("id").GetString()!;
        var others = (await other.PostJsonAsync("/v1/stories", """{ "text": "by another" }""")).Json.GetProperty("id").GetString()!;
        await bob.Reports.CreateAsync(own, "rude");
        await bob.Reports.CreateAsync(others, "loud");

        var seen = await owner.GetAsync("/v1/admin/reports");

        Stories(seen).Should().Equal(others);
        seen.Text.Should().NotContain("rude");
        Stories(await other.GetAsync("/v1/admin/reports")).Should().Equal(own);
    }

    [Fact]
    public async Task An_admin_deletes_what_was_reported_and_that_is_noted()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        var cem = await host.SignInAsync("cem");
        var story = await bob.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["cem"] }, "k");
        await cem.Reports.CreateAsync(story.Id, "a secret");

        (await owner.SendAsync(HttpMethod.Delete, $"/v1/stories/{story.Id}", null)).Status.Should().Be(HttpStatusCode.NoContent);

        (await cem.Invoking(c => c.Stories.GetAsync(story.Id)).Should().ThrowAsync<ApiException>()).Which.Code.Should().Be("story_deleted");
        (await owner.GetAsync("/v1/admin/reports")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await owner.GetAsync("/v1/admin/audit")).Text.Should().Contain("story.deleted").And.Contain(story.Id);
    }

    [Fact]
    public async Task What_was_reported_ends_for_admins_at_the_instant_of_its_expiry()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        var cem = await host.SignInAsync("cem");
        var story = await bob.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Audience = ["cem"],
                Ttl = "5m",
            },
            "k"
        );
        await cem.Reports.CreateAsync(story.Id, "a secret");

        host.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        (await owner.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await owner.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_not_found");
        (await owner.GetAsync("/v1/admin/reports")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await cem.Invoking(c => c.Reports.CreateAsync(story.Id, "late")).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be("story_expired");
        var reports = (Server.Features.Reports.ReportStore)host.Services.GetService(typeof(Server.Features.Reports.ReportStore))!;
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            return !reports.Has(story.Id);
        });
    }

    [Fact]
    public async Task A_stranger_reports_nothing_a_reason_is_needed_and_leaving_takes_it_back()
    {
        await using var host = await ServerHost.StartAsync();
        using var owner = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        using var cem = host.Wire(await host.JoinAsync("cem"));
        using var dan = host.Wire(await host.JoinAsync("dan"));
        var story = await bob.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["cem"] }, "k");
        var path = $"/v1/stories/{story.Id}/report";

        (await dan.PostJsonAsync(path, """{ "wrong": 1 }""")).Code.Should().Be("story_not_found");
        (await dan.PostJsonAsync(path, """{ "reason": "x" }""")).Code.Should().Be("story_not_found");
        (await cem.PostJsonAsync(path, """{ "reason": " " }""")).Detail.Should().Contain("reason");
        (await cem.PostJsonAsync(path, $$"""{ "reason": "{{new string('x', 1025)}}" }"""))
            .Detail.Should()
            .Contain("1024")
            .And.Contain("1025");
        (await cem.PostJsonAsync(path, """{ "reason": "x" }""", ("Idempotency-Key", "k"))).Status.Should().Be(HttpStatusCode.NoContent);
        (await cem.PostJsonAsync(path, """{ "reason": "x" }""", ("Idempotency-Key", "k"))).Status.Should().Be(HttpStatusCode.NoContent);
        (await cem.PostJsonAsync(path, """{ "reason": "y" }""", ("Idempotency-Key", "k"))).Code.Should().Be("idempotency_conflict");
        (await owner.GetAsync($"/v1/stories/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        await cem.SendAsync(HttpMethod.Delete, "/v1/me", null);

        (await owner.GetAsync("/v1/admin/reports")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await owner.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_not_found");
    }

    private static IEnumerable<string> Stories(WireAnswer reports) =>
        reports.Json.GetProperty("items").EnumerateArray().Select(report => report.GetProperty("story").GetProperty("id").GetString()!);
}
