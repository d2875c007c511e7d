using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> _server = Make<string?>("--server", "URL", "Server URL (overrides STORIES_URL and the profile).");
    private readonly Option<string?> _profile = Make<string?>(
        "--profile",
        "NAME",
        "Profile to use (overrides STORIES_PROFILE and the current profile)."
    );
    private readonly Option<string?> _tokenFile = Make<string?>(
        "--token-file",
        "FILE",
        "Read the token from FILE (overrides STORIES_TOKEN and STORIES_TOKEN_FILE)."
    );
    private readonly Option<bool> _insecure = Make<bool>(
        "--insecure",
        null,
        "Allow plain http to another machine. Others on the network can read the token and media."
    );
    private readonly Option<int?> _retry = Make<int?>(
        "--retry",
        "N",
        "Number of retries when the server cannot be reached or is overloaded (default: retry for 30 seconds)."
    );
    private readonly Option<TimeSpan?> _timeout = Make<TimeSpan?>(
        "--timeout",
        "TIME",
        "Time limit for the whole command, for example 30s or 5m."
    );
    private readonly Option<bool> _json = Make<bool>("--json", null, "Print JSON, including errors.");
    private readonly Option<bool> _quiet = Make<bool>("--quiet", null, "Print only ids or a new secret, without progress.");

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

    /// <summary>The output format, available even if the command line has errors.</summary>
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

/// <summary>Values of the global options.</summary>
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
