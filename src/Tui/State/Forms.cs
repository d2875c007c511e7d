using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.State;

/// <summary>The forms, and what is made of them once they are filled in.</summary>
internal static class Forms
{
    private const string File = "file", Text = "text", Caption = "caption", Lifetime = "lifetime", Audience = "audience", Tags = "tags", Slot = "slot", Replies = "replies";

    public static Dialog.Filling NewPost(bool restricted) => new("New story", "Post",
    [
        .. restricted ? [] : (FormField[])[new(File, "File", "Enter chooses one; a path can be written too", TextEdit.Empty, FieldKind.File)],
        new(Text, restricted ? "Text card" : "or text card", "", TextEdit.Empty, FieldKind.Lines),
        new(Caption, "Caption", "", TextEdit.Empty),
        new(Lifetime, "Lifetime", "24h unless told; 90m, 6h, 7d", TextEdit.Empty),
        new(Audience, "Audience", "team unless told; handles, +circles", TextEdit.Empty),
        new(Tags, "Tags", "", TextEdit.Empty),
        new(Slot, "Slot", "shows its newest story only", TextEdit.Empty),
    ]);

    public static Dialog.Filling Editing(Story story) => new("Edit", "Save",
    [
        new(Caption, "Caption", "", TextEdit.Of(story.Caption)),
        new(Tags, "Tags", "", TextEdit.Of(string.Join(' ', story.Tags))),
        new(Audience, "Audience", "only narrower: handles that remain", TextEdit.Empty),
        new(Replies, "Replies", "on or off", TextEdit.Of(story.RepliesOn ? "on" : "off")),
    ])
    { StoryId = story.Id };

    public static Dialog.Filling WithFile(Dialog.Filling form, string path) => form.With(File, path) with { At = 2, Trouble = null };

    /// <summary>Sends a form, or says in it what is missing.</summary>
    public static AppState Submit(AppState s, Dialog.Filling form)
    {
        var (deed, fault) = form.StoryId is { } id ? Edit(id, form) : Post(form);
        if (deed is null)
        {
            return s with { Dialog = form with { Trouble = fault } };
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
            return (null, file.Length == 0 ? "A file or a text is needed." : "A story is a file or a text card, not both: a caption goes with a file.");
        }
        if (form[Lifetime] is { Length: > 0 } ttl && !Durations.TryParse(ttl, out _))
        {
            return (null, $"\"{ttl}\" is no lifetime: write 90m, 6h or 7d.");
        }
        var story = new NewStory
        {
            Text = Given(text),
            Caption = Given(form[Caption]),
            Ttl = Given(form[Lifetime]),
            Audience = Words(form[Audience]),
            Tags = Words(form[Tags]),
            Slot = Given(form[Slot]),
        };
        // The same key for the same fields: a try whose answer was lost is not posted twice.
        return (new Deed.Post(story, Given(file), form.Key.Length > 0 ? form.Key : ApiClient.NewIdempotencyKey()), null);
    }

    private static (Deed?, string?) Edit(string id, Dialog.Filling form) => form[Replies] is "on" or "off"
        ? (new Deed.Edit(id, new() { Caption = form[Caption], Tags = Words(form[Tags]) ?? [], Audience = Words(form[Audience]), RepliesOn = form[Replies] == "on" }), null)
        : (null, $"Replies are on or off, not \"{form[Replies]}\".");

    private static string? Given(string text) => text.Length == 0 ? null : text;

    /// <summary>Tags may be written with or without #, people with or without @.</summary>
    private static string[]? Words(string text) =>
        text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('#', '@')).ToArray() is { Length: > 0 } words ? words : null;
}
