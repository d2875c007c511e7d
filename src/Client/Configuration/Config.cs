using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Client.Configuration;

// With init-only properties the generator would set missing values to null. Hence the setters.

/// <summary>The user's configuration.</summary>
public sealed record Config
{
    /// <summary>Name of the first profile.</summary>
    public const string DefaultProfile = "default";

    /// <summary>The values of <see cref="Images"/>.</summary>
    public static readonly IReadOnlyList<string> ImageModes = ["auto", "kitty", "iterm", "sixel", "octants", "sextants", "blocks", "off"];

    /// <summary>The values of <see cref="Theme"/>.</summary>
    public static readonly IReadOnlyList<string> Themes = ["auto", "dark", "light", "contrast"];

    /// <summary>The values of <see cref="Video"/>.</summary>
    public static readonly IReadOnlyList<string> VideoPlaces = ["auto", "stage", "player"];

    /// <summary>The values of <see cref="Keymap"/>.</summary>
    public static readonly IReadOnlyList<string> Keymaps = ["vi", "classic"];

    /// <summary>Name of the selected profile (default: <see cref="DefaultProfile"/>); empty if none is selected.</summary>
    public string Profile { get; set; } = DefaultProfile;

    /// <summary>Accounts on servers, by profile name.</summary>
    public IReadOnlyDictionary<string, Profile> Profiles { get; set; } = new Dictionary<string, Profile>();

    /// <summary>External players by <see cref="Contracts.StoryKinds"/>; missing kinds are searched for.</summary>
    public IReadOnlyDictionary<string, Player> Players { get; set; } = new Dictionary<string, Player>();

    /// <summary>How a terminal shows pictures: one of <see cref="ImageModes"/>.</summary>
    public string Images { get; set; } = "auto";

    /// <summary>The colours of the terminal UI: one of <see cref="Themes"/>.</summary>
    public string Theme { get; set; } = "auto";

    /// <summary>Where the terminal UI plays videos: one of <see cref="VideoPlaces"/>.</summary>
    public string Video { get; set; } = "auto";

    /// <summary>The keys that the terminal UI starts from: one of <see cref="Keymaps"/>.</summary>
    public string Keymap { get; set; } = "vi";

    /// <summary>Changed keys of the terminal UI, by action; commands of the user's own, by key.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; set; } = new Dictionary<string, string>();

    /// <summary>Unknown keys of the file.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The profile of this name, or null.</summary>
    public Profile? FindProfile(string name) => Profiles.GetValueOrDefault(name);

    /// <summary>The profile for this server: the preferred one if it matches, then any other, or null.</summary>
    /// <param name="server">Its origin must equal the profile's.</param>
    /// <param name="wanted">Name of the preferred profile.</param>
    public Profile? FindProfile(Uri server, string wanted)
    {
        var origin = ServerAddress.Origin(server);
        return Profiles
            .Where(entry => entry.Value.Server == origin)
            .OrderByDescending(entry => entry.Key == wanted)
            .Select(entry => entry.Value)
            .FirstOrDefault();
    }

    /// <summary>A copy with one profile added or replaced.</summary>
    /// <param name="name">Name of the profile.</param>
    /// <param name="profile">The new profile.</param>
    /// <param name="isCurrent">Whether to select it.</param>
    public Config With(string name, Profile profile, bool isCurrent = true) =>
        this with
        {
            Profile = isCurrent ? name : Profile,
            Profiles = new Dictionary<string, Profile>(Profiles) { [name] = profile },
        };

    /// <summary>A copy without one profile.</summary>
    /// <remarks>If it was selected, no profile is selected then: signing out must not continue as another account.</remarks>
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
    /// <summary>Origin of the server. The token is sent to no other.</summary>
    public required string Server { get; set; }

    /// <summary>The token, <c>sty_…</c>; null after signing out.</summary>
    public string? Token { get; set; }

    /// <summary>The account's handle, when known.</summary>
    public string? Handle { get; set; }

    /// <summary>Whether plain http to another machine was allowed when the profile was saved.</summary>
    public bool Insecure { get; set; }

    /// <inheritdoc cref="Config.Unknown"/>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>JSON serialization of the configuration.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(Config))]
internal sealed partial class ConfigJson : JsonSerializerContext;
