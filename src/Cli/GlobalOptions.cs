using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> _server = Make<string?>("--server", "URL", "The server, instead of STORIES_URL or the profile's.");
    private readonly Option<string?> _profile = Make<string?>(
        "--profile",
        "NAME",
        "The profile to use, instead of STORIES_PROFILE or the current one."
    );
    private readonly Option<string?> _tokenFile = Make<string?>(
        "--token-file",
        "FILE",
        "Reads the token from this file, instead of STORIES_TOKEN or STORIES_TOKEN_FILE."
    );
    private readonly Option<bool> _insecure = Make<bool>(
        "--insecure",
        null,
        "Allows plain http to another machine: token and media can be read on the way."
    );
    private readonly Option<int?> _retry = Make<int?>(
        "--retry",
        "N",
        "Tries after the first one, when the network or the server is unwell. Unless told: as many as begin within 30 seconds, and one after them."
    );
    private readonly Option<TimeSpan?> _timeout = Make<TimeSpan?>(
        "--timeout",
        "TIME",
        "Ends the whole command after this time, such as 30s or 5m."
    );
    private readonly Option<bool> _json = Make<bool>("--json", null, "Prints JSON, errors too.");
    private readonly Option<bool> _quiet = Make<bool>("--quiet", null, "Prints ids alone, or a new secret, and no progress.");

    public GlobalOptions()
    {
        _quiet.Aliases.Add("-q");
        _retry.Validators.Add(given =>
        {
            if (
                given.Tokens.Count == 1
                && (!int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n > 100)
            )
            {
                given.AddError($"--retry takes a number from 0 to 100, not \"{given.Tokens[0].Value}\".");
            }
        });
        _timeout.CustomParser = ReadTimeout;
    }

    public IEnumerable<Option> All => [_server, _profile, _tokenFile, _insecure, _retry, _timeout, _json, _quiet];

    public Flags Read(ParseResult parsed) =>
        new(
            parsed.GetValue(_server),
            parsed.GetValue(_profile),
            parsed.GetValue(_tokenFile),
            parsed.GetValue(_insecure),
            parsed.GetValue(_retry),
            parsed.GetValue(_timeout),
            ReadFormat(parsed)
        );

    /// <summary>How to print, readable even from a command line that is wrong otherwise.</summary>
    public Format ReadFormat(ParseResult parsed) =>
        parsed.GetResult(_json) is { Implicit: false } ? Format.Json
        : parsed.GetResult(_quiet) is { Implicit: false } ? Format.Quiet
        : Format.People;

    private static Option<T> Make<T>(string name, string? value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            Recursive = true,
        };

    private static TimeSpan? ReadTimeout(ArgumentResult given)
    {
        var text = given.Tokens.Count == 1 ? given.Tokens[0].Value : "";
        var isSeconds = text.Length > 0 && char.IsAsciiDigit(text[^1]) && text[0] != 'P';
        if (Durations.TryParse(isSeconds ? text + "s" : text, out var time) && time > TimeSpan.Zero && time <= TimeSpan.FromDays(24))
        {
            return time;
        }
        given.AddError($"--timeout takes a time such as 30s, 5m or 1h, at most 24d, not \"{text}\".");
        return null;
    }
}

/// <summary>What the global options say.</summary>
internal sealed record Flags(
    string? Server,
    string? Profile,
    string? TokenFile,
    bool Insecure,
    int? Retry,
    TimeSpan? Timeout,
    Format Format
);

/// <summary>Who the results are for.</summary>
internal enum Format
{
    People,
    Json,
    Quiet,
}
