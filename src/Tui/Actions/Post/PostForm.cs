using System.Collections.Immutable;
using System.Globalization;
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
        Answer = "answer",
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

    /// <summary>There is one, whatever story it was opened from: <see cref="Unsent.Post"/>.</summary>
    public override string? DraftName => null;

    public override string Hint => base.Hint + ", and keeps what is written";

    public static PostForm New(bool restricted) =>
        new([
            .. restricted
                ? []
                : (FormField[])[new(File, "File", "Enter chooses one; a path can be written too", TextEdit.Empty, FieldKind.File)],
            new(Text, restricted ? "Text card" : "or text card", "", TextEdit.Empty, FieldKind.Lines),
            new(Caption, "Caption", "", TextEdit.Empty),
            new(Lifetime, "Lifetime", "90m, 6h, 7d (default: 24h)", TextEdit.Empty),
            new(Audience, "Audience", "handles, +circles (default: team)", TextEdit.Empty, FieldKind.People),
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
                    new(Poll, "Poll", "its question; the answers come below", TextEdit.Empty),
                    FormField.Toggle(Asks, "Asks for help", ["no", "yes"], "no"),
                    new(Mention, "Mention", "handles", TextEdit.Empty, FieldKind.People),
                    FormField.Toggle(Replies, "Replies", ["on", "off"], "on"),
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

    protected override FormDialog OnEdited() => (this with { Key = "" }).WithAnswers();

    /// <summary>A poll has a line for each answer, and one more as long as there may be more.</summary>
    private PostForm WithAnswers()
    {
        if (Fields.FirstOrDefault(field => field.Name == Poll) is not { } poll)
        {
            return this;
        }
        var answers = Fields.Where(IsAnswer).ToArray();
        var last = Array.FindLastIndex(answers, field => field.Text.Text.Length > 0);
        var wanted = poll.Text.Text.Length == 0 && last < 0 ? 0 : Math.Clamp(last + 2, Limits.PollOptionsMinimum, Limits.PollOptions);
        var at = Fields.IndexOf(poll) + 1;
        // The line with the caret stays, even if it was emptied.
        wanted = Math.Max(wanted, Math.Min(answers.Length, At - at + 1));
        return wanted == answers.Length
            ? this
            : this with
            {
                Fields =
                [
                    .. Fields[..at],
                    .. Enumerable
                        .Range(0, wanted)
                        .Select(i =>
                            i < answers.Length ? answers[i] : new FormField($"{Answer}{i + 1}", $"  answer {i + 1}", "", TextEdit.Empty)
                        ),
                    .. Fields[(at + answers.Length)..],
                ],
            };
    }

    private static bool IsAnswer(FormField field) => field.Name.StartsWith(Answer, StringComparison.Ordinal) && field.Name != Answers;

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
        var answers = PollAnswers();
        var story = new NewStory
        {
            Text = Given(this[Text]),
            Caption = Given(this[Caption]),
            Ttl = Given(this[Lifetime]),
            Audience = Words(this[Audience]),
            Tags = Words(this[Tags]),
            Slot = Given(this[Slot]),
            Poll = this[Poll].Length > 0 ? new() { Question = this[Poll], Options = answers } : null,
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
        if (this[Answers] is not ("" or Today) && !Names.Id.IsMatch(this[Answers]))
        {
            return $"\"{this[Answers]}\" is no question: write {Today}, or its id.";
        }
        return PollAnswers().Length switch
        {
            0 when this[Poll].Length == 0 => null,
            > 0 when this[Poll].Length == 0 => "The poll has answers and no question.",
            < Limits.PollOptionsMinimum and var count =>
                $"A poll has {Limits.PollOptionsMinimum} to {Limits.PollOptions} answers, not {count.ToString(CultureInfo.InvariantCulture)}.",
            _ => null,
        };
    }

    private string[] PollAnswers() => [.. Fields.Where(IsAnswer).Select(field => field.Text.Text.Trim()).Where(text => text.Length > 0)];

    private static string? Given(string text) => text.Length == 0 ? null : text;

    /// <summary>Splits tags with or without #, and people with or without @; null for none.</summary>
    public static string[]? Words(string text) =>
        text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('#', '@')).ToArray()
            is { Length: > 0 } words
            ? words
            : null;
}
