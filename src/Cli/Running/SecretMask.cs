using System.Text;
using System.Text.RegularExpressions;

namespace StoriesCli.Cli.Running;

/// <summary>Replaces secrets by stars in text that arrives in pieces.</summary>
/// <param name="values">What must not be shown; text too short to be told from other text is not looked for.</param>
internal sealed partial class SecretMask(IEnumerable<string> values)
{
    private const string Stars = "***";
    private const int FewestCharacters = 3;

    // A terminal breaks lines by itself: what has several is looked for line by line.
    private readonly string[] _secrets =
    [
        .. values
            .SelectMany(value => value.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(line => line.Length >= FewestCharacters)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(line => line.Length),
    ];

    private string _held = "";

    /// <summary>The values of variables whose names say that they are secret.</summary>
    public static SecretMask Of(IEnumerable<KeyValuePair<string, string>> variables, params string?[] more) =>
        new(variables.Where(variable => SecretName.IsMatch(variable.Key)).Select(variable => variable.Value).Concat(more.OfType<string>()));

    /// <summary>What of the text so far is safe to show. What may be the head of a secret waits for the next piece.</summary>
    public string Push(string piece, bool isLast = false)
    {
        var text = _held + piece;
        _held = "";
        if (_secrets.Length == 0)
        {
            return text;
        }
        var shown = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var rest = text.AsSpan(at);
            // Longest first, because one secret may be the beginning of another.
            var found = Find(rest, isLast, out var isOpen);
            if (isOpen)
            {
                _held = text[at..];
                break;
            }
            shown.Append(found is null ? text[at..(at + 1)] : Stars);
            at += found?.Length ?? 1;
        }
        return shown.ToString();
    }

    /// <summary>Masks a complete text.</summary>
    public string Apply(string text) => new SecretMask(_secrets).Push(text, isLast: true);

    private string? Find(ReadOnlySpan<char> rest, bool isLast, out bool isOpen)
    {
        isOpen = false;
        foreach (var secret in _secrets)
        {
            if (rest.StartsWith(secret, StringComparison.Ordinal))
            {
                return secret;
            }
            if (!isLast && rest.Length < secret.Length && secret.AsSpan().StartsWith(rest, StringComparison.Ordinal))
            {
                isOpen = true;
                return null;
            }
        }
        return null;
    }

    [GeneratedRegex(
        "TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|KEYS?(_|$)|_(PWD|PAT)(_|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SecretName { get; }
}
