using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

/// <summary>Names that could pass for another person, for everybody, or for nothing.</summary>
public sealed class NameTests
{
    [Fact]
    public async Task Handles_that_pass_for_the_server_for_many_or_for_an_option_are_nobodys()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        using var nobody = host.Wire(token: null);
        var code = await InviteAsync(host);

        foreach (
            var handle in (string[])
                [
                    "admin",
                    "root",
                    "all",
                    "everyone",
                    "system",
                    "server",
                    "here",
                    "nobody",
                    "support",
                    "owner",
                    "-rf",
                    "--",
                    "-a",
                    "access",
                    "anybody",
                    "someone",
                    "somebody",
                    "noone",
                    "no-one",
                    "host",
                    "moderator",
                    "moderators",
                    "mod",
                    "operator",
                    "superuser",
                    "sudo",
                    "su",
                    "member",
                    "members",
                    "bot",
                    "bots",
                    "null",
                    "undefined",
                    "the-server",
                    "admin_",
                    "_admin",
                    "everyone-",
                    "ad-min",
                    "te_am",
                    "y-o-u",
                    "stories_cli",
                    "storiesserver",
                ]
        )
        {
            var refused = await JoinAsync(nobody, code, handle, null);
            refused.Code.Should().Be("invalid_request", handle);
            refused.Detail.Should().Contain($"\"{handle}\"");
        }

        (await JoinAsync(nobody, code, "a-b_", null))
            .Status.Should()
            .Be(HttpStatusCode.Created, "a dash elsewhere is a dash, and the invite is not used up");
    }

    public static TheoryData<string> ThatShowNothing =>
        [
            "\u3164",
            "\u200b",
            "\u00ad",
            "\u2060\ufeff",
            "\U000E0041\U000E0062\U000E007F",
            "\u2800\u2800",
            "\u115f\u1160",
            "\uffa0",
            "\u0301\u0302",
            "\u200d",
            "\ufe0f",
            "\u3164 \u200b",
            "\U000E0100",
            "\u034f",
            "\U0001D159",
        ];

    [Theory]
    [MemberData(nameof(ThatShowNothing))]
    public async Task A_name_that_shows_nothing_is_refused_everywhere(string name)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var json = JsonSerializer.Serialize(name);

        var code = await InviteAsync(host);
        (await JoinAsync(host.Wire(null), code, "bob", name)).Detail.Should().Contain("displayName").And.Contain("shows nothing");
        (
            await ana.SendAsync(
                HttpMethod.Patch,
                "/v1/me",
                new StringContent($$"""{ "displayName": {{json}} }""", Encoding.UTF8, "application/json")
            )
        )
            .Detail.Should()
            .Contain("shows nothing");
        (await ana.PostJsonAsync("/v1/tokens", $$"""{ "name": {{json}} }""")).Detail.Should().Contain("shows nothing");
        (await ana.PostJsonAsync("/v1/feeds", $$"""{ "name": {{json}} }""")).Detail.Should().Contain("shows nothing");
    }

    [Theory]
    [MemberData(nameof(ThatShowNothing))]
    public async Task A_text_that_shows_nothing_is_refused_wherever_people_would_read_it(string text)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var json = JsonSerializer.Serialize(text);
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
        Task<WireAnswer> SendAsync(HttpMethod method, string path, string body) =>
            ana.SendAsync(method, path, new StringContent(body, Encoding.UTF8, "application/json"));

        var answers = new Dictionary<string, WireAnswer>
        {
            ["text"] = await ana.PostJsonAsync("/v1/stories", $$"""{ "text": {{json}} }"""),
            ["caption"] = await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "caption": {{json}} }"""),
            ["caption, edited"] = await SendAsync(HttpMethod.Patch, $"/v1/stories/{id}", $$"""{ "caption": {{json}} }"""),
            ["poll.question"] = await ana.PostJsonAsync(
                "/v1/stories",
                $$"""{ "text": "x", "poll": { "question": {{json}}, "options": ["a", "b"] } }"""
            ),
            ["poll.option"] = await ana.PostJsonAsync(
                "/v1/stories",
                $$"""{ "text": "x", "poll": { "question": "?", "options": ["a", {{json}}] } }"""
            ),
            ["source.ref"] = await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "source": { "ref": {{json}} } }"""),
            ["text, of a reply"] = await bob.PostJsonAsync($"/v1/stories/{id}/replies", $$"""{ "text": {{json}} }"""),
            ["text, of a question"] = await SendAsync(HttpMethod.Put, "/v1/question", $$"""{ "text": {{json}} }"""),
            ["reason"] = await bob.PostJsonAsync($"/v1/stories/{id}/report", $$"""{ "reason": {{json}} }"""),
        };

        foreach (var (field, answer) in answers)
        {
            answer.Status.Should().Be(HttpStatusCode.BadRequest, field);
            answer.Detail.Should().StartWith(field.Split(',')[0]).And.Contain("shows nothing");
        }
        var named = await ana.PutAsync($"/v1/stories?fileName={Uri.EscapeDataString(text)}", await TestMedia.JpegAsync());
        named
            .Json.GetProperty("media")
            .GetProperty("fileName")
            .ValueKind.Should()
            .Be(JsonValueKind.Null, "a name that nobody sees is none");
    }

    [Fact]
    public async Task A_picture_of_coloured_blanks_is_a_text_and_blanks_take_a_caption_away()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var card = await ana.PostJsonAsync("/v1/stories", """{ "text": "\u001b[41m  \u001b[0m", "caption": "c" }""");
        var edited = await ana.SendAsync(
            HttpMethod.Patch,
            $"/v1/stories/{card.Json.GetProperty("id").GetString()}",
            new StringContent("""{ "caption": " " }""", Encoding.UTF8, "application/json")
        );

        card.Status.Should().Be(HttpStatusCode.Created);
        edited.Json.GetProperty("caption").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_tower_of_marks_is_refused_however_it_is_built_and_scripts_that_need_some_are_not()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        Task<WireAnswer> NameAsync(string name) =>
            ana.SendAsync(
                HttpMethod.Patch,
                "/v1/me",
                new StringContent($$"""{ "displayName": {{JsonSerializer.Serialize(name)}} }""", Encoding.UTF8, "application/json")
            );

        (await NameAsync("a" + new string('\u0301', 63))).Detail.Should().Contain("63").And.Contain($"{Limits.MarksInARow}");
        (await NameAsync("a" + string.Concat(Enumerable.Repeat("\u0301\u200d", 20)))).Detail.Should().Contain("20");
        (await NameAsync("a" + string.Concat(Enumerable.Repeat("\u0301\ufe0f", 20)))).Detail.Should().Contain("20");
        (await NameAsync("a" + string.Concat(Enumerable.Repeat("\u0301\u200b", 20)))).Detail.Should().Contain("20");
        foreach (
            var name in (string[])
                [
                    "Ngu\u0302\u0303ye\u0302\u0303n",
                    "नीलम कुमार",
                    "שִׁמְעוֹן",
                    "ณัฐพงษ์",
                    "محمد\u200cعلی",
                    "👩‍👩‍👧 Ana",
                    "❤️",
                    "김민수",
                    "Zoë",
                ]
        )
        {
            (await NameAsync(name)).Json.GetProperty("displayName").GetString().Should().Be(name);
        }
    }

    [Fact]
    public async Task What_shows_nothing_inside_a_name_is_taken_out_so_that_nobody_looks_like_another()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.SendAsync(
            HttpMethod.Patch,
            "/v1/me",
            new StringContent("""{ "displayName": "A\u200bn\u00ada\ud83c\udff4\udb40\udc67" }""", Encoding.UTF8, "application/json")
        );

        answer.Json.GetProperty("displayName").GetString().Should().Be("Ana🏴");
    }

    [Fact]
    public async Task A_handle_that_was_taken_before_it_was_refused_goes_on_and_gets_back_in()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        // As an older server accepted it: the same rows, without today's rules.
        var invites = (StoriesCli.Server.Features.Accounts.InviteStore)
            host.Services.GetService(typeof(StoriesCli.Server.Features.Accounts.InviteStore))!;
        await invites.JoinAsync(await InviteAsync(host), "root", "Root", "first", CancellationToken.None);

        var code = (await ana.PostJsonAsync("/v1/admin/accounts/root/access", "{}")).Json.GetProperty("code").GetString()!;

        (await JoinAsync(host.Wire(null), code, "root", null)).Status.Should().Be(HttpStatusCode.Created);
    }

    private static async Task<string> InviteAsync(ServerHost host) => (await host.Owner().Invites.CreateAsync(new NewInvite())).Code;

    private static Task<WireAnswer> JoinAsync(Wire wire, string code, string handle, string? name) =>
        wire.PostJsonAsync(
            "/v1/join",
            $$"""{ "code": "{{code}}", "handle": "{{handle}}"{{(name is null ? "" : $", \"displayName\": {JsonSerializer.Serialize(name)}")}} }"""
        );
}
