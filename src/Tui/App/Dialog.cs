using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Something to choose, and what choosing it means.</summary>
internal sealed record Choice(string Label, string Detail, Msg Then);

/// <summary>What a field takes; <see cref="More"/> takes nothing, and stands for fields that are seldom needed.</summary>
internal enum FieldKind
{
    Line,
    Lines,
    File,
    More,
}

/// <summary>One thing that a form asks for.</summary>
internal sealed record FormField(string Name, string Label, string Hint, TextEdit Text, FieldKind Kind = FieldKind.Line);

/// <summary>What was sent of a file.</summary>
internal readonly record struct Transfer(long Done, long Total, double BytesPerSecond);

/// <summary>What a form is filled in for.</summary>
internal enum FormFor
{
    Post,
    Edit,
    Gate,
    Webhook,
}

internal enum EntryFor
{
    Search,
    Keep,
    Extend,
    Share,
    Report,
    Archive,
    Ask,
    Gone,
    Circle,
    Promote,
}

/// <summary>What stands open and has the keys. Only one is open at a time; Esc closes it.</summary>
internal abstract record Dialog
{
    private Dialog() { }

    /// <summary>Sealed, so that the native client need not carry a rendering of every kind that nobody reads.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The story it is about: without that one it closes, or has nothing to do any more.</summary>
    public string? StoryId { get; init; }

    /// <summary>The deed that it waits for.</summary>
    public int? Deed { get; init; }

    /// <summary>Why that failed.</summary>
    public string? Trouble { get; init; }

    /// <summary>Its story is gone while somebody writes in it: it stays until Esc, or the rest of what is typed would be commands to the next story.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>Whether it is written in.</summary>
    public bool IsWritten => this is Replying or Entering or Filling;

    /// <summary>It stands in the panel, and the picture stays.</summary>
    public bool InPanel => this is Replying or Reacting;

    public sealed record Replying(TextEdit Text) : Dialog;

    public sealed record Reacting(int At) : Dialog;

    public sealed record Asking(string Question, string Detail, Deed Wanted) : Dialog
    {
        /// <summary>Enter alone is no answer to it.</summary>
        public bool IsGrave { get; init; }
    }

    /// <summary>What was made, and is shown this once.</summary>
    public sealed record Sharing(MadeShare Share) : Dialog;

    /// <summary>Something to be read, and perhaps copied.</summary>
    public sealed record Telling(string Title, string Text, string? Copied = null) : Dialog;

    public sealed record Entering(EntryFor For, string Title, string Hint, TextEdit Text) : Dialog;

    /// <summary>A list, narrowed by what is typed. <paramref name="Up"/> is what Backspace means before anything was typed.</summary>
    public sealed record Choosing(string Title, ImmutableArray<Choice> All, string Filter = "", int At = 0, Msg? Up = null) : Dialog
    {
        /// <summary>A question with a few answers: a digit chooses one, and nothing is narrowed.</summary>
        public bool IsNumbered { get; init; }

        /// <summary>What somebody asked, to be read in full above the list.</summary>
        public string? Question { get; init; }

        public ImmutableArray<Choice> Shown =>
            Filter.Length == 0
                ? All
                :
                [
                    .. All.Where(choice =>
                        choice.Label.Contains(Filter, StringComparison.OrdinalIgnoreCase)
                        || choice.Detail.Contains(Filter, StringComparison.OrdinalIgnoreCase)
                    ),
                ];
    }

    /// <summary>Fields and a button below them. <paramref name="Key"/> is the same for all tries at one unchanged post.</summary>
    public sealed record Filling(string Title, string Button, ImmutableArray<FormField> Fields, int At = 0, string Key = "") : Dialog
    {
        public Transfer? Upload { get; init; }
        public FormFor For { get; init; }

        public bool OnButton => At == Fields.Length;

        public string this[string name] => Fields.FirstOrDefault(field => field.Name == name)?.Text.Text.Trim() ?? "";

        public Filling With(string name, string text) =>
            this with
            {
                Key = "",
                Fields = [.. Fields.Select(field => field.Name == name ? field with { Text = TextEdit.Of(text) } : field)],
            };
    }
}
