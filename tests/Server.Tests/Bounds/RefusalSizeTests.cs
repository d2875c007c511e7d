using System.Net;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Any request, of any size, uses limited memory and time and gets a response of limited size.</summary>
public sealed class RefusalSizeTests
{
    private const int ProblemBytes = 16 * 1024;

    [Fact]
    public async Task A_form_of_many_fields_is_refused_before_the_rest_of_it_has_come()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");

        // Links may be repeated, so only their number ends this request.
        var answer = await UnfinishedForm.PostAsync(
            host.Url,
            token,
            [.. Enumerable.Range(0, 65).Select(i => ("link", $"https://example.org/{i}"))]
        );

        answer.Should().Contain("400 Bad Request").And.Contain("at most 64 fields");
    }

    [Fact]
    public async Task A_single_field_is_refused_when_it_comes_again_before_the_rest_of_the_form()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");

        var answer = await UnfinishedForm.PostAsync(host.Url, token, [("caption", new('x', 60_000)), ("caption", "")]);

        answer.Should().Contain("400 Bad Request").And.Contain("caption: may be given once");
    }

    [Fact]
    public async Task All_fields_of_a_form_together_have_a_limit()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");

        var answer = await UnfinishedForm.PostAsync(
            host.Url,
            token,
            [.. Enumerable.Range(0, 5).Select(_ => ("link", new string('x', 60_000)))]
        );

        answer.Should().Contain("400 Bad Request").And.Contain("at most 262,144 bytes");
    }

    [Fact]
    public async Task An_audience_of_200_names_fits_into_a_form()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var form = new MultipartFormDataContent();
        foreach (var i in Enumerable.Range(0, 200))
        {
            form.Add(new StringContent($"nobody-{i}"), "audience");
        }
        form.Add(new ByteArrayContent(await TestMedia.JpegAsync()), "file", "photo.jpg");

        var refused = await ana.SendAsync(HttpMethod.Post, "/v1/stories", form);

        refused.Detail.Should().Contain("nobody called \"nobody-0\"").And.Contain("180 more faults");
    }

    [Fact]
    public async Task Unknown_fields_are_told_as_excerpts_and_only_the_first_of_them()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var form = new MultipartFormDataContent();
        foreach (var i in Enumerable.Range(0, 60))
        {
            form.Add(new StringContent("x"), $"{i}{new string('n', 8_000)}");
        }
        form.Add(new ByteArrayContent(await TestMedia.JpegAsync()), "file", "photo.jpg");

        ShouldBeSmall(await ana.SendAsync(HttpMethod.Post, "/v1/stories", form), faults: 20, more: 40);
    }

    [Fact]
    public async Task Unknown_members_and_parameters_are_told_as_excerpts_and_only_the_first_of_them()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var members = string.Join(", ", Enumerable.Range(0, 60).Select(i => $"\"{i}{new string('n', 1_000)}\": 1"));
        var parameters = string.Join('&', Enumerable.Range(0, 200).Select(i => $"{i}{new string('n', 200)}=1"));

        ShouldBeSmall(await ana.PostJsonAsync("/v1/stories", $"{{ {members} }}"), faults: 20, more: 40);
        ShouldBeSmall(await ana.GetAsync($"/v1/stories?{parameters}"), faults: 20, more: 180);
    }

    [Fact]
    public async Task Many_members_items_levels_and_parameters_are_refused_by_their_number()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var members = string.Join(", ", Enumerable.Range(0, 40_000).Select(_ => "\"text\": 1"));
        var items = string.Join(", ", Enumerable.Repeat("\"a\"", 60_000));
        var deep = string.Concat(Enumerable.Repeat("[", 30_000));
        var parameters = string.Join('&', Enumerable.Repeat("tag=a", 5_000));

        (await ana.PostJsonAsync("/v1/stories", $"{{ {members} }}")).Detail.Should().Contain("at most 64 members, was given 40,000");
        (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "tags": [{{items}}] }"""))
            .Detail.Should()
            .Contain("at most 1,000 items, was given 60,000");
        (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": {{deep}}""")).Detail.Should().Contain("deeper than 64 levels");
        (await ana.GetAsync($"/v1/stories?{parameters}")).Detail.Should().Contain("at most 264 parameters, was given 5,000");
    }

    [Theory]
    [InlineData("GET", "/v1/people/{0}/highlights")]
    [InlineData("GET", "/v1/stories/{0}")]
    [InlineData("GET", "/v1/archive/{0}")]
    [InlineData("DELETE", "/v1/circles/{0}")]
    [InlineData("DELETE", "/v1/shares/{0}")]
    [InlineData("DELETE", "/v1/tokens/{0}")]
    [InlineData("DELETE", "/v1/invites/{0}")]
    [InlineData("DELETE", "/v1/feeds/{0}")]
    [InlineData("DELETE", "/v1/webhooks/{0}")]
    [InlineData("GET", "/v1/nothing/{0}")]
    [InlineData("PATCH", "/v1/stories/{0}/replies/{0}")]
    public async Task What_an_address_names_is_echoed_as_an_excerpt(string method, string route)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var refused = await ana.SendAsync(
            new(method),
            string.Format(System.Globalization.CultureInfo.InvariantCulture, route, new string('n', 20_000)),
            null
        );

        ((int)refused.Status).Should().BeInRange(400, 499);
        refused.Body.Length.Should().BeLessThan(1_000);
    }

    private static void ShouldBeSmall(WireAnswer refused, int faults, int more)
    {
        refused.Status.Should().Be(HttpStatusCode.BadRequest);
        refused.Body.Length.Should().BeLessThan(ProblemBytes);
        refused.Json.GetProperty("errors").EnumerateObject().Sum(field => field.Value.GetArrayLength()).Should().Be(faults);
        refused
            .Json.GetProperty("errors")
            .EnumerateObject()
            .Select(field => field.Name.Length)
            .Should()
            .OnlyContain(length => length <= 81);
        refused.Detail.Should().EndWith($"and {more} more faults");
    }
}
