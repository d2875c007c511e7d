using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>Somebody with an account, whose settings lie in a directory of their own.</summary>
internal sealed class Person(RealServer server, string home)
{
    /// <summary>Where their programs run.</summary>
    public string Home { get; } = Directory.CreateDirectory(home).FullName;

    public string ConfigPath => Path.Combine(Home, "stories", "config.json");

    /// <summary>As <c>stories join</c> saved it.</summary>
    public string Token =>
        JsonDocument
            .Parse(File.ReadAllText(ConfigPath))
            .RootElement.GetProperty("profiles")
            .EnumerateObject()
            .Single()
            .Value.GetProperty("token")
            .GetString()!;

    /// <summary>What their programs see: nothing of the account that runs the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = Home,
            ["HOME"] = Home,
            ["PATH"] = $"{Published.Folder}:{System.Environment.GetEnvironmentVariable("PATH")}",
            ["LC_ALL"] = "C.UTF-8",
        };

    public Task<CommandRun> StoriesAsync(params string[] arguments) => RunAsync(Published.Stories, arguments);

    /// <summary>As after a restart, when the server has another port, and a saved token is not sent there.</summary>
    public Task<CommandRun> StoriesAtAsync(Uri url, params string[] arguments) =>
        RunAsync("env", [$"STORIES_URL={url}", $"STORIES_TOKEN={Token}", Published.Stories, .. arguments]);

    public async Task<JsonElement> StoriesJsonAsync(params string[] arguments) =>
        JsonDocument.Parse((await StoriesAsync([.. arguments, "--json"])).Succeeded().Out).RootElement;

    /// <summary>curl with this person's token; the path is the server's.</summary>
    public Task<CommandRun> CurlAsync(string path, params string[] arguments) =>
        RunAsync(
            "curl",
            ["--silent", "--show-error", "--header", $"Authorization: Bearer {Token}", .. arguments, new Uri(server.Url, path).ToString()]
        );

    /// <summary>Any program, in this person's home.</summary>
    public Task<CommandRun> RunAsync(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Home };
        Forget(start.Environment);
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        return CommandRun.OfAsync(start, input);
    }

    /// <summary>Raw HTTP to where the server listens now.</summary>
    public HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    public static void Forget(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("STORIES_", StringComparison.Ordinal)).ToArray())
        {
            environment.Remove(name);
        }
    }
}
