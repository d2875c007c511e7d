using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>Rows are the truth: after any changes, a running server has the same in memory as a new one loads from the rows.</summary>
public sealed class ProjectionTests
{
    private static readonly string[] People = ["ana", "bob", "cy", "dee"];

    // Placeholders: {story}, {old} and {any} for ids, {person} for a handle, {0-9} for a number.
    private static readonly (string Method, string Path, string? Body)[] Actions =
    [
        ("POST", "/v1/stories", """{ "text": "card {n}", "tags": ["t{n}"], "slot": "s{n}" }"""),
        ("POST", "/v1/stories", """{ "text": "hi @{person}", "ttl": "5m" }"""),
        ("POST", "/v1/stories", """{ "text": "few", "audience": ["{person}"] }"""),
        ("POST", "/v1/stories", """{ "text": "which?", "poll": { "question": "Which?", "options": ["yes", "no"] }, "slot": "s{n}" }"""),
        ("POST", "/v1/stories", """{ "text": "help", "asks": "help" }"""),
        ("POST", "/v1/live", """{ "width": 80, "height": 2{n} }"""),
        ("POST", "/v1/live/{any}/end", """{ "exitCode": {bit} }"""),
        ("PATCH", "/v1/stories/{story}", """{ "caption": "c{n}", "tags": ["u{n}"] }"""),
        ("PATCH", "/v1/stories/{story}", """{ "ttl": "{n}h" }"""),
        ("DELETE", "/v1/stories/{story}", null),
        ("PUT", "/v1/stories/{story}/keep", """{ "highlight": "h{n}" }"""),
        ("DELETE", "/v1/stories/{story}/keep", null),
        ("DELETE", "/v1/people/{person}/highlights/h{n}", null),
        ("PUT", "/v1/stories/{story}/view", null),
        ("POST", "/v1/stories/{story}/replies", """{ "text": "r{n}" }"""),
        ("DELETE", "/v1/stories/{story}/replies/{any}", null),
        ("PUT", "/v1/stories/{story}/reaction", """{ "emoji": "👍" }"""),
        ("DELETE", "/v1/stories/{story}/reaction", null),
        ("PUT", "/v1/stories/{story}/ack", null),
        ("DELETE", "/v1/stories/{story}/ack", null),
        ("PUT", "/v1/stories/{story}/vote", """{ "option": {bit} }"""),
        ("PUT", "/v1/stories/{story}/poll/closed", "{}"),
        ("PUT", "/v1/stories/{story}/resolved", "{}"),
        ("POST", "/v1/stories/{story}/report", """{ "reason": "r{n}" }"""),
        ("POST", "/v1/stories/{story}/share", "{}"),
        ("DELETE", "/v1/shares/{any}", null),
        ("PUT", "/v1/people/{person}/mute", "{}"),
        ("DELETE", "/v1/people/{person}/mute", null),
        ("PUT", "/v1/tags/t{n}/mute", """{ "until": "2026-12-0{n}T00:00:00Z" }"""),
        ("DELETE", "/v1/tags/t{n}/mute", null),
        ("PUT", "/v1/circles/c{n}", """{ "members": ["{person}"] }"""),
        ("DELETE", "/v1/circles/c{n}", null),
        ("POST", "/v1/feeds", """{ "name": "f{n}" }"""),
        ("DELETE", "/v1/feeds/{any}", null),
        ("PUT", "/v1/question", """{ "text": "q{n}?" }"""),
        ("POST", "/v1/tokens", """{ "name": "t{n}", "scopes": ["read"] }"""),
        ("DELETE", "/v1/tokens/{any}", null),
        ("POST", "/v1/invites", """{ "role": "member" }"""),
        ("DELETE", "/v1/invites/{any}", null),
        ("POST", "/v1/admin/accounts/{person}/access", "{}"),
        ("PATCH", "/v1/me", """{ "displayName": "Name {n}", "archive": true }"""),
        ("POST", "/v1/webhooks", """{ "url": "http://127.0.0.1:9/", "events": ["story.posted", "story.expired"] }"""),
        ("DELETE", "/v1/webhooks/{any}", null),
        ("DELETE", "/v1/archive/{story}", null),
        // Not a request: time passes, and what is due expires.
        ("TIME", "", null),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_is_in_memory_is_what_the_rows_say(bool inPostgres) =>
        Gen.Select(Gen.Int[0, Actions.Length - 1], Gen.Int[0, People.Length - 1], Gen.Int[0, 1000])
            .Array[300]
            .SampleAsync(steps => PlayAsync(steps, inPostgres), iter: 2, threads: 1);

    private static async Task PlayAsync((int Action, int Who, int Number)[] steps, bool inPostgres)
    {
        var database = inPostgres ? PostgresAddress.Parse(await (await PostgresCluster.CommonAsync()).NewDatabaseAsync()) : null;
        await using var host = await ServerHost.StartAsync(options =>
            options with
            {
                Database = database,
                WebhookAllow = [System.Net.IPNetwork.Parse("127.0.0.0/8")],
            }
        );
        await FillAsync(host, steps);
        var running = host.Services.GetRequiredService<Database>();
        await host.StopAsync();

        FirstDifference(Describe(running), await DescribeFreshAsync(host.DataPath, database, host.Clock)).Should().BeNull();
    }

    /// <summary>Has each thing done that people can do and that deletes nothing, three times by each of three people.</summary>
    internal static Task DoEverythingAsync(ServerHost host) =>
        FillAsync(
            host,
            [
                .. Enumerable
                    .Range(0, 3)
                    .SelectMany(round =>
                        Enumerable
                            .Range(0, Actions.Length)
                            .Where(action => Actions[action].Method is not ("TIME" or "DELETE"))
                            .SelectMany(action => Enumerable.Range(0, People.Length - 1).Select(who => (action, who, round)))
                    ),
            ]
        );

    private static async Task FillAsync(ServerHost host, (int Action, int Who, int Number)[] steps)
    {
        var wires = new List<Wire>();
        foreach (var person in People)
            wires.Add(host.Wire(await host.JoinAsync(person, person == "bob" ? "admin" : "member")));
        var (stories, others) = (new List<string>(), new List<string>());
        var taken = new HashSet<int>();
        foreach (var (action, who, number) in steps)
        {
            if (Actions[action].Method == "TIME")
            {
                host.Clock.Advance(TimeSpan.FromMinutes(number));
                continue;
            }
            var answer = await SendAsync(wires[who], Actions[action], number, stories, others);
            ((int)answer.Status).Should().BeLessThan(500, answer.Text);
            answer.Status.Should().NotBe(System.Net.HttpStatusCode.MethodNotAllowed, Actions[action].Path);
            if ((int)answer.Status >= 300)
            {
                continue;
            }
            taken.Add(action);
            if (answer.Text.StartsWith('{') && answer.Json.TryGetProperty("id", out var id))
                (Actions[action].Path == "/v1/stories" ? stories : others).Add(id.GetString()!);
        }
        taken.Count.Should().BeGreaterThan(Actions.Length / 2, "most actions are ones that can be done");
        (await wires[3].SendAsync(HttpMethod.Delete, "/v1/me", null)).Status.Should().Be(System.Net.HttpStatusCode.NoContent);
    }

    internal static string? FirstDifference(string running, string fresh)
    {
        var (left, right) = (running.Split('\n'), fresh.Split('\n'));
        var at = Enumerable
            .Range(0, Math.Min(left.Length, right.Length))
            .FirstOrDefault(i => left[i] != right[i], left.Length == right.Length ? -1 : Math.Min(left.Length, right.Length));
        return at < 0
            ? null
            : $"running:\n{string.Join('\n', left.Skip(at - 8).Take(12))}\nfresh:\n{string.Join('\n', right.Skip(at - 8).Take(12))}";
    }

    private static Task<WireAnswer> SendAsync(
        Wire wire,
        (string Method, string Path, string? Body) action,
        int number,
        List<string> stories,
        List<string> others
    )
    {
        string Fill(string text) =>
            text.Replace("{story}", stories.Count == 0 ? "none" : stories[number % stories.Count], StringComparison.Ordinal)
                .Replace("{any}", others.Count == 0 ? "none" : others[number % others.Count], StringComparison.Ordinal)
                .Replace("{person}", People[number % People.Length], StringComparison.Ordinal)
                .Replace("{bit}", (number % 2).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{n}", (1 + (number % 3)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var body = action.Body is { } json ? new StringContent(Fill(json), System.Text.Encoding.UTF8, "application/json") : null;
        return wire.SendAsync(new(action.Method), Fill(action.Path), body);
    }

    /// <summary>Opens the stopped server's data, and does nothing else with it.</summary>
    internal static async Task<string> DescribeFreshAsync(string data, PostgresAddress? database, TimeProvider clock)
    {
        using var directory = DataDirectory.Open(data);
        await using var app = Program.Build(
            new ServerOptions
            {
                Data = data,
                Listen = [],
                Database = database,
            },
            directory,
            clock
        );
        app.Services.GetRequiredService<Start>();
        var fresh = app.Services.GetRequiredService<Database>();
        await fresh.OpenAsync();
        return Describe(fresh);
    }

    private static string Describe(Database database)
    {
        var models = (object[])
            typeof(Snapshot).GetField("_models", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(database.Published)!;
        return string.Join("\n\n", models.Select(model => $"{model.GetType().Name} {Show(model, 0)}"));
    }

    /// <summary>Everything in a model, in an order that does not depend on its history.</summary>
    private static string Show(object? value, int depth) =>
        value switch
        {
            null => "null",
            string text => JsonSerializer.Serialize(text),
            // Rows store whole milliseconds.
            DateTimeOffset at => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            TimeSpan time => time.ToString(),
            byte[] bytes => Convert.ToHexString(bytes),
            IDictionary map => Lines(
                map.Keys.Cast<object>().Select(key => $"{Show(key, depth + 1)}: {Show(map[key], depth + 1)}").Order(StringComparer.Ordinal),
                depth
            ),
            IEnumerable items when IsSet(value.GetType()) => Lines(
                items.Cast<object>().Select(item => Show(item, depth + 1)).Order(StringComparer.Ordinal),
                depth
            ),
            IEnumerable items => Lines(items.Cast<object>().Select(item => Show(item, depth + 1)), depth),
            _ when value.GetType().IsPrimitive || value.GetType().IsEnum => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            _ => Lines(Members(value).Select(member => $"{member.Name} = {Show(member.Value, depth + 1)}"), depth),
        };

    private static bool IsSet(Type type) =>
        type.GetInterfaces().Any(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IReadOnlySet<>));

    private static IEnumerable<(string Name, object? Value)> Members(object value) =>
        value
            .GetType()
            .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .OrderBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => (field.Name, field.GetValue(value)));

    private static string Lines(IEnumerable<string> parts, int depth) =>
        "{" + string.Concat(parts.Select(part => $"\n{new string(' ', 2 * depth)}{part}")) + "}";
}
