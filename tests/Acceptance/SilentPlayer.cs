using System.Text.Json.Nodes;

namespace StoriesCli.Acceptance;

/// <summary>A real mpv without a window and without a loudspeaker, which writes down what it does.</summary>
internal static class SilentPlayer
{
    public static async Task SetAsync(Person person)
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(person.ConfigPath))!;
        config["players"] = new JsonObject
        {
            ["video"] = new JsonObject
            {
                ["command"] = new JsonArray("mpv", "--vo=null", "--ao=null", $"--log-file={LogOf(person)}", "{url}"),
            },
        };
        await File.WriteAllTextAsync(person.ConfigPath, config.ToJsonString());
    }

    public static Task<string> ReadLogAsync(Person person) => File.ReadAllTextAsync(LogOf(person));

    private static string LogOf(Person person) => Path.Combine(person.Home, "mpv.log");
}
