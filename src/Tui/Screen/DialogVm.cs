using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

/// <summary>The content of the open dialog. Its frame has the title and the keys.</summary>
internal static class DialogVm
{
    private const int IntroRows = 12,
        LabelColumns = 14,
        Gutter = 2,
        WidestWords = 64,
        WidestFields = 84,
        Widest = 96,
        MostDots = 12;
    private static readonly Rgb _white = new(255, 255, 255),
        _black = new(0, 0, 0);

    /// <summary>As wide as its kind or its title needs, so that it does not change while somebody types.</summary>
    public static int Columns(Dialog dialog, int most) =>
        Math.Min(
            most,
            Math.Max(
                Cells.Columns(SafeText.OneLine(Title(dialog))) + FrameVm.AroundTitle,
                dialog switch
                {
                    ConfirmDialog or PromptDialog or PeoplePicker or OpenPalette.ActionList => WidestWords,
                    FormDialog => WidestFields,
                    _ => Widest,
                }
            )
        );

    public static string Title(Dialog dialog) =>
        dialog switch
        {
            ListDialog { IsNumbered: true } list => list.Frame,
            SearchStories.HitList => "search",
            SelectLines.Selection => "copy lines",
            ListDialog list => list.Title,
            FormDialog form => form.Title,
            PromptDialog prompt => prompt.Title,
            PeoplePicker people => people.Title,
            ConfirmDialog => "sure?",
            MessageDialog told => told.Title,
            LinkDialog link => link.Title,
            _ => "",
        };

    /// <summary>At most as many rows as there are.</summary>
    public static ImmutableArray<Line> From(Dialog dialog, Box area)
    {
        var (width, height) = (Math.Max(1, area.Width), Math.Max(0, area.Height));
        IEnumerable<Line> lines = dialog switch
        {
            OpenPalette.ActionList list => PaletteVm.From(list, width, height),
            SearchStories.HitList list => SearchVm.From(list, width, height),
            SelectLines.Selection selection => SelectionVm.From(selection, width, height),
            ListDialog { IsNumbered: true } list => Numbered(list, width, height),
            ListDialog list => List(list, width, height),
            FormDialog form => Form(form, width, height),
            PromptDialog prompt => Prompt(prompt, width),
            PeoplePicker people => People(people, width, height),
            ConfirmDialog ask => Confirm(ask, width),
            MessageDialog told => Cells.Wrap([new(CleanText.Lines(told.Text), Tone.Accent)], width, 200),
            LinkDialog link => Link(link, width, height),
            _ => [],
        };
        var shown = lines.ToList();
        if (shown.Count > height && height > 0)
        {
            shown.RemoveRange(height, shown.Count - height);
            shown[^1] = Cells.Ellipsis(shown[^1], width);
        }
        return height == 0 ? [] : [.. shown];
    }

    private static IEnumerable<Line> List(ListDialog list, int width, int height)
    {
        foreach (var line in list.Question is { } question ? Cells.Wrap([new(SafeText.OneLine(question), Tone.Strong)], width, 4) : [])
        {
            height--;
            yield return line;
        }
        var shown = list.Shown;
        // The row of the filter stays free, unless rows are scarce.
        var hasFilter = list.Filter.Length > 0 || (height > 5 && !(list.All.IsEmpty && list.Command is null));
        if (hasFilter)
        {
            yield return list.Filter.Length > 0
                ? Line.Of(new("narrowed to: ", Tone.Dim), new(Cells.Cut(list.Filter, width - 14), Tone.Accent))
                : Line.Text(Cells.Cut("type to narrow", width), Tone.Dim);
        }
        if (Error(list, width) is { Length: > 0 } error)
        {
            foreach (var line in error)
            {
                yield return line;
            }
        }
        else if (list.Command is not null && list.All.IsEmpty)
        {
            yield return Line.Text("…", Tone.Dim);
        }
        var rows = Math.Max(1, height - (hasFilter ? 1 : 0));
        var top = Math.Clamp(list.At - rows / 2, 0, Math.Max(0, shown.Length - rows));
        var visible = shown
            .Skip(top)
            .Take(rows)
            .Select(choice => (choice.Lead, Label: SafeText.OneLine(choice.Label), Detail: SafeText.OneLine(choice.Detail)))
            .ToArray();
        width -= visible.Select(choice => choice.Lead.Columns).DefaultIfEmpty().Max();
        // A label is cut only where the details need the room.
        var details = visible.Select(choice => Cells.Columns(choice.Detail)).DefaultIfEmpty().Max();
        var label = Math.Clamp(
            visible.Select(choice => Cells.Columns(choice.Label)).DefaultIfEmpty().Max(),
            1,
            Math.Max(1, width - Gutter - (details == 0 ? 0 : Math.Min(details, width / 3) + 2))
        );
        for (var i = 0; i < visible.Length; i++)
        {
            var name = Cells.Cut(visible[i].Label, label);
            var chosen = top + i == list.At;
            var mark = (top > 0 && i == 0 ? "▲" : "") + (top + rows < shown.Length && i == visible.Length - 1 ? "▼" : "");
            yield return Line.Of([
                new(chosen ? "▸ " : mark.PadRight(Gutter), chosen ? Tone.Accent : Tone.Dim),
                .. visible[i].Lead.Runs,
                new(name, chosen ? Tone.Chosen : Tone.Plain),
                new(new(' ', label - Cells.Columns(name) + 2), Tone.Plain),
                new(Cells.Cut(visible[i].Detail, width - label - 4 - (chosen ? mark.Length : 0)), Tone.Dim),
                new(chosen ? mark : "", Tone.Dim),
            ]);
        }
        // While it is narrowed, it stays as high as it was.
        for (var i = visible.Length; i < Math.Min(rows, list.All.Length); i++)
        {
            yield return Line.Empty;
        }
    }

    /// <summary>Question and answers in full if there is room: nobody should choose what they cannot read.</summary>
    private static IEnumerable<Line> Numbered(ListDialog list, int width, int height)
    {
        var question = Cells.Wrap([new(SafeText.OneLine(list.Title), Tone.Strong)], width, Math.Max(1, height - list.All.Length));
        var each = Math.Max(1, (height - question.Length) / Math.Max(1, list.All.Length));
        return
        [
            .. question,
            .. Error(list, width),
            // A word that is too long would leave only its number.
            .. each == 1
                ? list.All.Select(
                    (choice, i) =>
                        Line.Of(
                            new(i == list.At ? "▸ " : "  ", Tone.Accent),
                            new($"{choice.Key ?? $"{i + 1}"} ", Tone.Strong),
                            new(
                                Cells.Cut($"{SafeText.OneLine(choice.Label)}  {SafeText.OneLine(choice.Detail)}".TrimEnd(), width - 4),
                                i == list.At ? Tone.Chosen : Tone.Plain
                            )
                        )
                )
                : list.All.SelectMany(
                    (choice, i) =>
                        Cells.Wrap(
                            [
                                new(i == list.At ? "▸ " : "  ", Tone.Accent),
                                new($"{choice.Key ?? $"{i + 1}"} ", Tone.Strong),
                                new(SafeText.OneLine(choice.Label), i == list.At ? Tone.Chosen : Tone.Plain),
                                new($"  {SafeText.OneLine(choice.Detail)}", Tone.Dim),
                            ],
                            width,
                            each
                        )
                ),
        ];
    }

    private static IEnumerable<Line> Form(FormDialog form, int width, int height)
    {
        var room = Math.Clamp(height - form.Fields.Length - 3, 1, 6);
        var body = form
            .Fields.SelectMany((field, i) => Field(field, i == form.At && form.Command is null, width, room))
            .Append(
                Line.Of(
                    new(form.IsOnButton ? "▸ " : "  ", Tone.Accent),
                    new($"[ {form.Button} ]", form.IsOnButton ? Tone.Chosen : Tone.Strong)
                )
            )
            .ToArray();
        Line[] state =
        [
            .. Error(form, width),
            .. form.Upload is { } upload ? (Line[])[Bar(upload, width)]
            : form.Command is not null ? [Line.Text("  …", Tone.Dim)]
            : [],
        ];
        ImmutableArray<Line> intro =
            form.Intro.Length > 0 ? [.. Cells.Wrap([new(form.Intro, Tone.Dim)], width, IntroRows), Line.Empty] : [];
        if (height >= body.Length + state.Length)
        {
            return height >= intro.Length + body.Length + state.Length ? [.. intro, .. body, .. state] : [.. body, .. state];
        }
        // On a small screen the error is on top, the fields scroll to the one with the caret, and the button stays.
        var rows = Math.Max(1, height - state.Length - 1);
        var fields = body[..^1];
        var focus = form.IsOnButton ? fields.Length - 1 : Math.Max(0, Array.FindIndex(fields, line => line.Runs[0].Text == "▸ "));
        var top = Math.Clamp(focus - rows / 2, 0, Math.Max(0, fields.Length - rows));
        return
        [
            .. state,
            .. fields
                .Skip(top)
                .Take(rows)
                .Select(
                    (line, i) =>
                        top > 0 && i == 0 ? Marked(line, "▲ ")
                        : i == rows - 1 && top + rows < fields.Length ? Marked(line, "▼ ")
                        : line
                ),
            body[^1],
        ];
    }

    /// <summary>A row at the edge says that there are more, unless it has the caret.</summary>
    private static Line Marked(Line line, string mark) => line.Runs[0].Text == "  " ? new(line.Runs.SetItem(0, new(mark, Tone.Dim))) : line;

    private static IEnumerable<Line> Field(FormField field, bool focused, int width, int rows)
    {
        var columns = Math.Max(1, width - 2 - LabelColumns);
        var label = Line.Of(
            new(focused ? "▸ " : "  ", Tone.Accent),
            new(Cells.Cut(field.Label, LabelColumns - 1).PadRight(LabelColumns), focused ? Tone.Strong : Tone.Dim)
        );
        ImmutableArray<Line> value =
            field.Kind == FieldKind.More ? []
            : field.Kind == FieldKind.Toggle ? [Toggle(field)]
            : focused && field is { Text.Text.Length: 0, Hint.Length: > 0 } ? [Placeholder(field.Hint, columns)]
            : field is { IsSecret: true, Text.Text.Length: > 0 } ? [Secret(field.Text, columns, focused)]
            : focused ? WrittenText.Around(field.Text, "", columns, field.Kind == FieldKind.Lines ? rows : 1)
            : field.Kind == FieldKind.File ? [Line.Text(Cells.CutStart(SafeText.OneLine(field.Text.Text), columns), Tone.Plain)]
            : [WrittenText.First(field.Text, columns)];
        var hint =
            field.Text.Text.Length == 0 && field.Hint.Length > 0 && (!focused || value.IsEmpty) ? Cells.Cut(field.Hint, columns) : "";
        yield return new([.. label.Runs, .. value.IsEmpty ? [] : value[0].Runs, new(hint, Tone.Dim)]);
        foreach (var more in value.Skip(1))
        {
            yield return new([new(new(' ', 2 + LabelColumns), Tone.Plain), .. more.Runs]);
        }
    }

    /// <summary>The caret stands on the first letter of the hint, which does not move.</summary>
    private static Line Placeholder(string hint, int columns)
    {
        var text = Cells.Cut(hint, columns);
        return text.Length == 0 ? Line.Empty : Line.Of(new(text[..1], Tone.Chosen), new(text[1..], Tone.Dim));
    }

    /// <summary>A dot for each character, up to a few: how long it is tells something too.</summary>
    private static Line Secret(TextEdit text, int columns, bool focused) =>
        Line.Of(
            new(new('•', Math.Min(Math.Min(text.Text.Length, MostDots), columns - 1)), Tone.Plain),
            new(focused ? " " : "", Tone.Chosen)
        );

    private static Line Toggle(FormField field) =>
        new([
            .. field.Values.SelectMany(value =>
                value == field.Text.Text
                    ? (Run[])[new("● ", Tone.Accent), new($"{value}   ", Tone.Strong)]
                    : [new("○ ", Tone.Dim), new($"{value}   ", Tone.Dim)]
            ),
        ]);

    /// <summary>Those who can be chosen, with a mark before those who are.</summary>
    private static IEnumerable<Line> People(PeoplePicker picker, int width, int height)
    {
        yield return picker.Filter.Length > 0
            ? Line.Of(new("narrowed to: ", Tone.Dim), new(Cells.Cut(SafeText.OneLine(picker.Filter), width - 14), Tone.Accent))
            : Line.Text(
                Cells.Cut(picker.Chosen.IsEmpty ? "nobody chosen: the whole team" : string.Join(' ', picker.Chosen), width),
                Tone.Dim
            );
        foreach (var line in Error(picker, width))
        {
            yield return line;
        }
        if (picker.Command is not null && picker.All.IsEmpty)
        {
            yield return Line.Text("…", Tone.Dim);
        }
        var shown = picker.Shown;
        var rows = Math.Max(1, height - 1);
        var top = Math.Clamp(picker.At - rows / 2, 0, Math.Max(0, shown.Length - rows));
        for (var i = top; i < Math.Min(shown.Length, top + rows); i++)
        {
            var isCut = (i == top && top > 0) || (i == top + rows - 1 && i < shown.Length - 1);
            yield return Line.Of(
                new(
                    i == picker.At ? "▸ "
                        : !isCut ? "  "
                        : i == top ? "▲ "
                        : "▼ ",
                    i == picker.At ? Tone.Accent : Tone.Dim
                ),
                new(picker.Chosen.Contains(shown[i].Word) ? "[x] " : "[ ] ", Tone.Accent),
                new(Cells.Cut(SafeText.OneLine(shown[i].Word), width / 2), i == picker.At ? Tone.Chosen : Tone.Plain),
                new("  ", Tone.Plain),
                new(Cells.Cut(SafeText.OneLine(shown[i].Detail), Math.Max(0, width / 2 - 10)), Tone.Dim)
            );
        }
        for (var i = shown.Length; i < Math.Min(rows, picker.All.Length); i++)
        {
            yield return Line.Empty;
        }
    }

    private static IEnumerable<Line> Prompt(PromptDialog entry, int width) =>
        [
            .. WrittenText.Around(entry.Text, "› ", width, 2),
            Line.Text(Cells.Cut(entry.Rule, width), Tone.Dim),
            .. entry.Command is not null ? [Line.Text("…", Tone.Dim)]
            : entry.Error is not null ? Error(entry, width)
            : (ImmutableArray<Line>)[Line.Empty],
        ];

    private static IEnumerable<Line> Confirm(ConfirmDialog ask, int width) =>
        [
            .. Cells.Wrap([new(SafeText.OneLine(ask.Question), Tone.Strong)], width, 4),
            // In full: people must be able to read what they agree to.
            .. Cells.Wrap([new(SafeText.OneLine(ask.Detail), Tone.Accent)], width, 200),
        ];

    private static IEnumerable<Line> Link(LinkDialog link, int width, int height)
    {
        Line[] words =
        [
            // In full, for copying by hand.
            .. Cells.Wrap([new(SafeText.OneLine(link.Address), Tone.Accent)], width, 200),
            .. Cells.Wrap([new(link.Note, Tone.Dim)], width, 4),
        ];
        var code = QrCode.Rows(link.Address);
        if (code.Length + words.Length <= height && code[0].Length <= width)
        {
            return [.. words, .. code.Select(row => Line.Text(row, new(Tone.Plain, _white, _black)))];
        }
        return [.. words, .. Cells.Wrap([new("In a larger window it is here as a QR code too.", Tone.Dim)], width, 2)];
    }

    private static Line Bar(Transfer upload, int width)
    {
        var share = upload.Total > 0 ? Math.Clamp((double)upload.Done / upload.Total, 0, 1) : 0;
        var words =
            $"  {(int)(share * 100)} % · {ByteSize.Format(upload.Done)} of {ByteSize.Format(upload.Total)} · {ByteSize.Format((long)upload.BytesPerSecond)}/s";
        var cells = Math.Clamp(width - Cells.Columns(words) - 2, 0, 40);
        var full = (int)(share * cells);
        return Line.Of(new("  " + new string('━', full), Tone.Accent), new(new('─', cells - full), Tone.Dim), new(words, Tone.Plain));
    }

    private static ImmutableArray<Line> Error(Dialog dialog, int width) =>
        dialog.Error is { } error ? Cells.Wrap([new(SafeText.OneLine(error), Tone.Bad)], width, 4) : [];
}
