using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Post;

/// <summary>The fields of a new story.</summary>
internal sealed record PostForm : FormDialog
{
    private const string File = "file",
        Text = "text",
        Caption = "caption",
        Lifetime = "lifetime",
        Audience = "audience",
        Tags = "tags",
        Slot = "slot",
        Replies = "replies",
        More = "more",
        Poll = "poll",
        Asks = "asks",
        Mention = "mention",
        Answers = "answers",
        Before = "before";

    /// <summary>The answer to <see cref="Answers"/> for today's question, whose id nobody wants to type.</summary>
    public const string Today = "today";

    private PostForm(ImmutableArray<FormField> fields)
        : base("New story", "Post", fields) { }

    /// <summary>The idempotency key of these fields; empty until they are sent.</summary>
    public string Key { get; init; } = "";

    public override string Hint => base.Hint + ", and keeps what is written";

    public static PostForm New(bool restricted) =>
        new([
            .. restricted
                ? []
                : (FormField[])[new(File, "File", "Enter chooses one; a path can be written too", TextEdit.Empty, FieldKind.File)],
            new(Text, restricted ? "Text card" : "or text card", "", TextEdit.Empty, FieldKind.Lines),
            new(Caption, "Caption", "", TextEdit.Empty),
            new(Lifetime, "Lifetime", "90m, 6h, 7d (default: 24h)", TextEdit.Empty),
            new(Audience, "Audience", "handles, +circles (default: team)", TextEdit.Empty),
            new(Tags, "Tags", "", TextEdit.Empty),
            new(Slot, "Slot", "shows its newest story only", TextEdit.Empty),
            new(More, "More", "Enter: poll, help, mention, replies, question", TextEdit.Empty, FieldKind.More),
        ]);

    /// <summary>The same post as an answer to today's question, with the caret in its text.</summary>
    public PostForm AsAnswer() =>
        Unfold().With(Answers, Today) with
        {
            At = Math.Max(0, Fields.ToList().FindIndex(field => field.Name == Text)),
            Error = null,
        };

    /// <summary>Shows the fields that are seldom needed.</summary>
    public PostForm Unfold() =>
        Fields.All(field => field.Kind != FieldKind.More)
            ? this
            : this with
            {
                Fields =
                [
                    .. Fields.Where(field => field.Kind != FieldKind.More),
                    new(Poll, "Poll", "Which one? | yes | no", TextEdit.Empty),
                    new(Asks, "Asks for help", "yes (default: no)", TextEdit.Empty),
                    new(Mention, "Mention", "handles", TextEdit.Empty),
                    new(Replies, "Replies", "off (default: on)", TextEdit.Empty),
                    new(Answers, "Answers", "today: the question of the day", TextEdit.Empty),
                    .. Fields.Any(field => field.Name == File)
                        ? (FormField[])[new(Before, "Before", "a picture before; the file is the one after", TextEdit.Empty)]
                        : [],
                ],
            };

    public PostForm With(string name, string text) =>
        this with
        {
            Key = "",
            Fields = [.. Fields.Select(field => field.Name == name ? field with { Text = TextEdit.Of(text) } : field)],
        };

    public PostForm WithFile(string path) => With(File, path) with { At = 2, Error = null };

    /// <summary>Cancels an upload that is under way, and stays; otherwise the form is kept for later.</summary>
    public override Model Close(Model model) =>
        Upload is not null
            ? model with
            {
                Dialog = this with { Command = null, Upload = null, Error = "Cancelled: nothing was posted." },
            }
            : model with
            {
                Dialog = null,
                Unsent = model.Unsent with { Post = this with { Command = null, Error = null } },
            };

    protected override FormDialog OnEdited() => this with { Key = "" };

    protected override Model OnEnter(Model model, FieldKind kind) =>
        kind == FieldKind.More
            ? model with
            {
                Dialog = Unfold(),
            }
            : ChooseFile.Start(
                model with
                {
                    Unsent = model.Unsent with { Post = this },
                },
                this[File].Length == 0 ? null : Path.GetDirectoryName(this[File])
            );

    protected override Model Submit(Model model)
    {
        if (FindFault() is { } fault)
        {
            return Refuse(model, fault);
        }
        string[] poll = PollParts();
        var story = new NewStory
        {
            Text = Given(this[Text]),
            Caption = Given(this[Caption]),
            Ttl = Given(this[Lifetime]),
            Audience = Words(this[Audience]),
            Tags = Words(this[Tags]),
            Slot = Given(this[Slot]),
            Poll = this[Poll].Length > 0 ? new() { Question = poll[0], Options = poll[1..] } : null,
            Asks = this[Asks] == "yes" ? NewStory.Help : null,
            Mentions = Words(this[Mention]),
            RepliesOn = this[Replies] == "off" ? false : null,
            Answers = Given(this[Answers]),
        };
        // The same key for the same fields: a try whose answer was lost is not posted twice.
        var key = Key.Length > 0 ? Key : ApiClient.NewIdempotencyKey();
        var form = this with { Key = key, Upload = null, Error = null };
        return form.Await(
            model with
            {
                Unsent = model.Unsent with { Post = form with { Command = null } },
            },
            new PostStory.Send(story, Given(this[File]), key, Given(this[Before]))
        );
    }

    private string? FindFault()
    {
        var (file, text) = (this[File], this[Text]);
        if (file.Length == 0 == (text.Length == 0))
        {
            return file.Length == 0
                ? "A file or a text is needed."
                : "A story is a file or a text card, not both: a caption goes with a file.";
        }
        if (this[Before].Length > 0 && file.Length == 0)
        {
            return "Before is the picture before: the file, the picture after, is missing.";
        }
        if (this[Lifetime] is { Length: > 0 } ttl && !Durations.TryParse(ttl, out _))
        {
            return $"\"{ttl}\" is no lifetime: write 90m, 6h or 7d.";
        }
        if (this[Asks] is not ("" or "yes" or "no"))
        {
            return $"\"Asks for help\" is yes or no, not \"{this[Asks]}\".";
        }
        if (this[Replies] is not ("" or "on" or "off"))
        {
            return $"Replies are on or off, not \"{this[Replies]}\".";
        }
        if (this[Answers] is not ("" or Today) && !Names.Id.IsMatch(this[Answers]))
        {
            return $"\"{this[Answers]}\" is no question: write {Today}, or its id.";
        }
        var poll = PollParts();
        return this[Poll].Length > 0 && (poll.Length - 1 is < Limits.PollOptionsMinimum or > Limits.PollOptions || poll.Contains(""))
            ? $"A poll is a question and {Limits.PollOptionsMinimum} to {Limits.PollOptions} answers with | between them: Which one? | yes | no."
            : null;
    }

    private string[] PollParts() => [.. this[Poll].Split('|').Select(part => part.Trim())];

    private static string? Given(string text) => text.Length == 0 ? null : text;

    /// <summary>Splits tags with or without #, and people with or without @; null for none.</summary>
    public static string[]? Words(string text) =>
        text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('#', '@')).ToArray()
            is { Length: > 0 } words
            ? words
            : null;
}
