using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>The forms, and what is made of them once they are filled in.</summary>
internal static class Forms
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

    /// <summary>What a form says for the question that is asked now, whose id nobody wants to write.</summary>
    public const string Today = "today";

    /// <summary>What the fields of a refusal are called in the forms.</summary>
    private static readonly Dictionary<string, string> _labels = new()
    {
        ["text"] = "Text card",
        ["caption"] = "Caption",
        ["ttl"] = "Lifetime",
        ["audience"] = "Audience",
        ["tag"] = "Tags",
        ["tags"] = "Tags",
        ["slot"] = "Slot",
        ["poll.question"] = "Poll",
        ["poll.option"] = "Poll",
        ["asks"] = "Asks for help",
        ["mention"] = "Mention",
        ["answers"] = "Answers",
        ["compare"] = "Before",
        ["repliesOn"] = "Replies",
        ["url"] = "Address",
        ["events"] = "Events",
    };

    /// <summary>The label of a field that the server refuses; what has none keeps the server's name for it.</summary>
    public static string LabelOf(string field) => _labels.GetValueOrDefault(field, field);

    public static Dialog.Filling NewPost(bool restricted) =>
        new(
            "New story",
            "Post",
            [
                .. restricted
                    ? []
                    : (FormField[])[new(File, "File", "Enter chooses one; a path can be written too", TextEdit.Empty, FieldKind.File)],
                new(Text, restricted ? "Text card" : "or text card", "", TextEdit.Empty, FieldKind.Lines),
                new(Caption, "Caption", "", TextEdit.Empty),
                new(Lifetime, "Lifetime", "24h unless told; 90m, 6h, 7d", TextEdit.Empty),
                new(Audience, "Audience", "team unless told; handles, +circles", TextEdit.Empty),
                new(Tags, "Tags", "", TextEdit.Empty),
                new(Slot, "Slot", "shows its newest story only", TextEdit.Empty),
                new(More, "More", "Enter: poll, help, mention, replies, question", TextEdit.Empty, FieldKind.More),
            ]
        );

    /// <summary>The same post as an answer to today's question, with the caret in its text.</summary>
    public static Dialog.Filling Answering(Dialog.Filling form) =>
        Unfold(form).With(Answers, Today) with
        {
            At = Math.Max(0, form.Fields.ToList().FindIndex(field => field.Name == Text)),
            Trouble = null,
        };

    /// <summary>Shows the fields that are seldom needed.</summary>
    public static Dialog.Filling Unfold(Dialog.Filling form) =>
        form.Fields.All(field => field.Kind != FieldKind.More)
            ? form
            : form with
            {
                Fields =
                [
                    .. form.Fields.Where(field => field.Kind != FieldKind.More),
                    new(Poll, "Poll", "Which one? | yes | no", TextEdit.Empty),
                    new(Asks, "Asks for help", "no unless told; yes", TextEdit.Empty),
                    new(Mention, "Mention", "handles", TextEdit.Empty),
                    new(Replies, "Replies", "on unless told; off", TextEdit.Empty),
                    new(Answers, "Answers", "today: the question of the day", TextEdit.Empty),
                    .. form.Fields.Any(field => field.Name == File)
                        ? (FormField[])[new(Before, "Before", "a picture before; the file is the one after", TextEdit.Empty)]
                        : [],
                ],
            };

    public static Dialog.Filling Editing(Story story) =>
        new(
            "Edit",
            "Save",
            [
                new(Caption, "Caption", "", TextEdit.Of(story.Caption)),
                new(Tags, "Tags", "", TextEdit.Of(string.Join(' ', story.Tags))),
                new(Audience, "Audience", "only narrower: handles that remain", TextEdit.Empty),
                new(Replies, "Replies", "on or off", TextEdit.Of(story.RepliesOn ? "on" : "off")),
            ]
        )
        {
            StoryId = story.Id,
            For = FormFor.Edit,
        };

    public static Dialog.Filling WithFile(Dialog.Filling form, string path) => form.With(File, path) with { At = 2, Trouble = null };

    /// <summary>Sends a form, or says in it what is missing.</summary>
    public static AppState Submit(AppState s, Dialog.Filling form)
    {
        var (deed, fault) = form.For switch
        {
            FormFor.Edit => Edit(form.StoryId!, form),
            FormFor.Gate => Gates.Read(s, form),
            FormFor.Webhook => Hub.Webhook(form),
            _ => Post(form),
        };
        if (deed is null)
        {
            return s with { Dialog = form with { Trouble = fault } };
        }
        if (deed is Deed.Wait wait)
        {
            return Gates.Start(s, wait);
        }
        s = s.Do(deed);
        var waiting = form with { Deed = s.LastDeed, Trouble = null, Upload = null, Key = deed is Deed.Post post ? post.Key : "" };
        return s with { Dialog = waiting, PostForm = deed is Deed.Post ? waiting with { Deed = null } : s.PostForm };
    }

    private static (Deed?, string?) Post(Dialog.Filling form)
    {
        var (file, text) = (form[File], form[Text]);
        if (file.Length == 0 == (text.Length == 0))
        {
            return (
                null,
                file.Length == 0 ? "A file or a text is needed." : "A story is a file or a text card, not both: a caption goes with a file."
            );
        }
        if (form[Before].Length > 0 && file.Length == 0)
        {
            return (null, "Before is the picture before: the file, the picture after, is missing.");
        }
        if (form[Lifetime] is { Length: > 0 } ttl && !Durations.TryParse(ttl, out _))
        {
            return (null, $"\"{ttl}\" is no lifetime: write 90m, 6h or 7d.");
        }
        if (form[Asks] is not ("" or "yes" or "no"))
        {
            return (null, $"\"Asks for help\" is yes or no, not \"{form[Asks]}\".");
        }
        if (form[Replies] is not ("" or "on" or "off"))
        {
            return (null, $"Replies are on or off, not \"{form[Replies]}\".");
        }
        if (form[Answers] is not ("" or Today) && !Names.Id.IsMatch(form[Answers]))
        {
            return (null, $"\"{form[Answers]}\" is no question: write {Today}, or its id.");
        }
        string[] poll = [.. form[Poll].Split('|').Select(part => part.Trim())];
        if (form[Poll].Length > 0 && (poll.Length - 1 is < Limits.PollOptionsMinimum or > Limits.PollOptions || poll.Contains("")))
        {
            return (
                null,
                $"A poll is a question and {Limits.PollOptionsMinimum} to {Limits.PollOptions} answers with | between them: Which one? | yes | no."
            );
        }
        var story = new NewStory
        {
            Text = Given(text),
            Caption = Given(form[Caption]),
            Ttl = Given(form[Lifetime]),
            Audience = Words(form[Audience]),
            Tags = Words(form[Tags]),
            Slot = Given(form[Slot]),
            Poll = form[Poll].Length > 0 ? new() { Question = poll[0], Options = poll[1..] } : null,
            Asks = form[Asks] == "yes" ? NewStory.Help : null,
            Mentions = Words(form[Mention]),
            RepliesOn = form[Replies] == "off" ? false : null,
            Answers = Given(form[Answers]),
        };
        // The same key for the same fields: a try whose answer was lost is not posted twice.
        return (
            new Deed.Post(story, Given(file), form.Key.Length > 0 ? form.Key : ApiClient.NewIdempotencyKey(), Given(form[Before])),
            null
        );
    }

    private static (Deed?, string?) Edit(string id, Dialog.Filling form) =>
        form[Replies] is "on" or "off"
            ? (
                new Deed.Edit(
                    id,
                    new()
                    {
                        Caption = form[Caption],
                        Tags = Words(form[Tags]) ?? [],
                        Audience = Words(form[Audience]),
                        RepliesOn = form[Replies] == "on",
                    }
                ),
                null
            )
            : (null, $"Replies are on or off, not \"{form[Replies]}\".");

    private static string? Given(string text) => text.Length == 0 ? null : text;

    /// <summary>Tags may be written with or without #, people with or without @.</summary>
    public static string[]? Words(string text) =>
        text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('#', '@')).ToArray()
            is { Length: > 0 } words
            ? words
            : null;
}
