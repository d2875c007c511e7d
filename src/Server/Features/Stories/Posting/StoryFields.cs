using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story's fields as in a query or a form: names in the singular, repeated for several values.</summary>
internal sealed class StoryFields
{
    private static readonly string[] Single =
    [
        "caption",
        "ttl",
        "slot",
        "fileName",
        "replies",
        "poll.question",
        "asks",
        "answers",
        "compare",
        "keepSubtitles",
        "source.repository",
        "source.commit",
        "source.ref",
        "source.run",
        "source.runUrl",
        "source.status",
        "source.exitCode",
        "source.durationMs",
    ];

    private static readonly string[] Several = ["tag", "audience", "link", "mention", "poll.option"];

    public static readonly AllowedQuery Query = new([.. Single, .. Several]);

    /// <summary>Text of a card: a field of forms, never of a query, because proxies log queries.</summary>
    public const string Text = "text";

    private const string Audience = "audience";

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private int _count;
    private int _bytes;

    public ValidationErrors Faults { get; } = new();

    /// <summary>Counts a field before its value is read, so that too many fields end the request at once.</summary>
    /// <returns>Whether a story has such a field. An unknown field is a fault, and its value is skipped.</returns>
    /// <exception cref="ApiProblem"><c>invalid_request</c> for one field too many, or a repeated field that is allowed only once.</exception>
    public bool Expect(string name)
    {
        var given = _values.GetValueOrDefault(name)?.Count ?? 0;
        if (given > 0 && IsSingle(name))
        {
            throw ApiProblem.Invalid(name, $"may be given once, was given at least {given + 1} times");
        }
        if (name == Audience && given == Limits.AudienceNames)
        {
            throw ApiProblem.Invalid(name, $"at most {Limits.AudienceNames} names, was given at least {given + 1}");
        }
        // An audience has its own limit, larger than that of all other fields.
        if (name != Audience && ++_count > Limits.Fields)
        {
            throw ApiProblem.Invalid("body", $"at most {Limits.Fields} fields beside audience, was given at least {_count}");
        }
        if (IsKnown(name))
        {
            return true;
        }
        Faults.Add(name, $"unknown: a story has {string.Join(", ", Query.Names)}");
        return false;
    }

    public static bool IsKnown(string name) => name == Text || Query.Names.Contains(name);

    /// <summary>File name from the query or an earlier part; null when there is none yet.</summary>
    public string? FileName => One("fileName");

    /// <param name="name">Name of the field, for which <see cref="Expect"/> returned true.</param>
    /// <param name="value">Value as given.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when all values together are too long.</exception>
    public void Add(string name, string value)
    {
        _bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        if (_bytes > Limits.FieldBytesTogether)
        {
            throw ApiProblem.Invalid(
                name,
                $"all fields together have at most {Limits.FieldBytesTogether:N0} bytes, were given {_bytes:N0} or more"
            );
        }
        if (string.IsNullOrWhiteSpace(value))
        {
            Faults.Add(name, ValidationErrors.Empty);
            return;
        }
        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }
        values.Add(value);
    }

    public void AddQuery(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            foreach (var value in values)
            {
                if (Expect(name))
                {
                    Add(name, value ?? "");
                }
            }
        }
    }

    public NewStory ToStory(string? fileName)
    {
        return new()
        {
            Text = One(Text),
            Caption = One("caption"),
            Ttl = One("ttl"),
            Slot = One("slot"),
            Tags = Many("tag"),
            Audience = Many("audience"),
            FileName = One("fileName") ?? fileName,
            Links = Many("link"),
            RepliesOn = Replies(),
            Source = _values.Keys.Any(name => name.StartsWith("source.", StringComparison.Ordinal)) ? Source() : null,
            Poll = _values.Keys.Any(name => name.StartsWith("poll.", StringComparison.Ordinal))
                ? new() { Question = One("poll.question"), Options = Many("poll.option") }
                : null,
            Asks = One("asks"),
            Answers = One("answers"),
            Mentions = Many("mention"),
            Compare = Flag("compare"),
            KeepSubtitles = Flag("keepSubtitles"),
        };
    }

    private static bool IsSingle(string name) => name == Text || Single.Contains(name);

    private string? One(string name) => _values.TryGetValue(name, out var values) ? values[0] : null;

    private string[]? Many(string name) => _values.TryGetValue(name, out var values) ? [.. values] : null;

    private bool? Replies()
    {
        var text = One("replies");
        if (text is not (null or "on" or "off"))
        {
            Faults.Add("replies", $"must be on or off, was \"{Excerpt.Of(text)}\"");
        }
        return text is null ? null : text == "on";
    }

    private bool? Flag(string name)
    {
        var text = One(name);
        if (text is not (null or "true" or "false"))
        {
            Faults.Add(name, $"must be true or false, was \"{Excerpt.Of(text)}\"");
        }
        return text is null ? null : text == "true";
    }

    private StorySource Source() =>
        new()
        {
            Repository = One("source.repository"),
            Commit = One("source.commit"),
            Ref = One("source.ref"),
            Run = One("source.run"),
            RunUrl = One("source.runUrl"),
            Status = One("source.status"),
            ExitCode = (int?)Number("source.exitCode", int.MaxValue),
            DurationMs = Number("source.durationMs", long.MaxValue),
        };

    private long? Number(string name, long maximum)
    {
        if (One(name) is not { } text)
        {
            return null;
        }
        if (
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number <= maximum
            && number >= int.MinValue
        )
        {
            return number;
        }
        Faults.Add(name, $"must be a whole number, was \"{Excerpt.Of(text)}\"");
        return null;
    }
}
