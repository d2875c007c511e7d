using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Client.Configuration;

// What the generator may only set once, it sets to null where the file says nothing: hence the setters.

/// <summary>What the user's configuration file says.</summary>
public sealed record Config
{
    /// <summary>Name of the profile that is made first.</summary>
    public const string DefaultProfile = "default";

    /// <summary>The values of <see cref="Images"/>.</summary>
    public static readonly IReadOnlyList<string> ImageModes = ["auto", "kitty", "sixel", "blocks", "off"];

    /// <summary>Name of the profile that holds when none is named; <see cref="DefaultProfile"/> unless told, and empty where none holds.</summary>
    public string Profile { get; set; } = DefaultProfile;

    /// <summary>Accounts on servers, by a name that the user chose.</summary>
    public IReadOnlyDictionary<string, Profile> Profiles { get; set; } = new Dictionary<string, Profile>();

    /// <summary>External players by <see cref="Contracts.StoryKinds"/>; a kind that is missing is looked for.</summary>
    public IReadOnlyDictionary<string, Player> Players { get; set; } = new Dictionary<string, Player>();

    /// <summary>How a terminal shows pictures: one of <see cref="ImageModes"/>.</summary>
    public string Images { get; set; } = "auto";

    /// <summary>Keys of the terminal UI by what they do, where they shall be others than the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; set; } = new Dictionary<string, string>();

    /// <summary>Keys that the file has and nobody knows.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The profile of this name, or null.</summary>
    public Profile? FindProfile(string name) => Profiles.GetValueOrDefault(name);

    /// <summary>The profile whose token may be sent to this server: the wanted one before any other, or null.</summary>
    /// <param name="server">Its origin must be the profile's.</param>
    /// <param name="wanted">Name of the profile that is looked at first.</param>
    public Profile? FindProfile(Uri server, string wanted)
    {
        var origin = ServerAddress.Origin(server);
        return Profiles
            .Where(entry => entry.Value.Server == origin)
            .OrderByDescending(entry => entry.Key == wanted)
            .Select(entry => entry.Value)
            .FirstOrDefault();
    }

    /// <summary>The same with one profile added or replaced.</summary>
    /// <param name="name">Of the profile.</param>
    /// <param name="profile">What it is from now on.</param>
    /// <param name="isCurrent">Whether it becomes the one that holds when none is named.</param>
    public Config With(string name, Profile profile, bool isCurrent = true) =>
        this with
        {
            Profile = isCurrent ? name : Profile,
            Profiles = new Dictionary<string, Profile>(Profiles) { [name] = profile },
        };

    /// <summary>The same without one profile.</summary>
    /// <remarks>When it was the one that holds, none does: whoever signs out must not go on as somebody else.</remarks>
    public Config Without(string name)
    {
        var left = Profiles.Where(entry => entry.Key != name).ToDictionary();
        return this with
        {
            Profiles = left,
            Profile =
                Profile != name ? Profile
                : left.Count == 0 ? DefaultProfile
                : "",
        };
    }
}

/// <summary>An account on a server.</summary>
public sealed record Profile
{
    /// <summary>Origin of the server that the token is bound to: it is sent to no other.</summary>
    public required string Server { get; set; }

    /// <summary>The token, <c>sty_…</c>; null once signed out.</summary>
    public string? Token { get; set; }

    /// <summary>The account's handle, when known.</summary>
    public string? Handle { get; set; }

    /// <summary>Whether plain http to another machine was allowed when this was saved.</summary>
    public bool Insecure { get; set; }

    /// <inheritdoc cref="Config.Unknown"/>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>How the configuration file is read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(Config))]
internal sealed partial class ConfigJson : JsonSerializerContext;
