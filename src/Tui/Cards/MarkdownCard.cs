using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>Markdown as rows, by Markdig's parse tree. HTML in it is text, and each link shows where it leads.</summary>
internal sealed class MarkdownCard
{
    /// <summary>More marks in one paragraph than people write; parsers take their square in steps.</summary>
    private const int MarksMaximum = 2_000;

    private const int ColoursMaximum = 6_000;

    // Stand for the colours of the text while it is parsed: no character, and one of private use after it for which colour.
    private const char ColourMark = '\uFDD0',
        FirstColour = '\uE000';

    private static readonly Ink _code = new(Tone.Plain, new(0, 135, 135)),
        _link = new(Tone.Plain, new(0, 110, 200), Style: InkStyle.Underline);

    private static readonly MarkdownPipeline _pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UsePipeTables()
        .Build();

    private readonly ImmutableArray<Line>.Builder _rows = ImmutableArray.CreateBuilder<Line>();
    private readonly List<string> _colours = [];
    private readonly int _columns;
    private Ink _own = Tone.Plain;

    private MarkdownCard(int columns) => _columns = columns;

    /// <summary>Null where it is too tangled to be read as Markdown.</summary>
    public static ImmutableArray<Line>? Rows(string text, int columns)
    {
        if (columns <= 0)
        {
            return [];
        }
        var card = new MarkdownCard(columns);
        var marked = card.MarkColours(CleanText.KeepColours(text));
        if (IsTangled(marked))
        {
            return null;
        }
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(marked, _pipeline);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the parser goes.
            return null;
        }
        card.Draw(document, new([], []), isTight: false);
        return card._rows.ToImmutable();
    }

    /// <summary>What stands before the first row of a block, and before those after it.</summary>
    private readonly record struct Margin(ImmutableArray<Run> First, ImmutableArray<Run> Rest)
    {
        public int Columns => Rest.Sum(run => Cells.Columns(run.Text));

        /// <summary>Half of the width at most is margin.</summary>
        public Margin Add(Run first, Run rest, int columns) =>
            Columns + Cells.Columns(rest.Text) > columns / 2 ? this : new(First.Add(first), Rest.Add(rest));

        public Margin Later => new(Rest, Rest);
    }

    private static bool IsTangled(string text)
    {
        var marks = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                marks = 0;
            }
            else if (text[i] is '[' or ']' or '*' or '_' or '`' or '<' or '!' or '~' or '&' or '(' or '|' && ++marks > MarksMaximum)
            {
                return true;
            }
        }
        return false;
    }

    private string MarkColours(string text)
    {
        if (!text.Contains('\e', StringComparison.Ordinal))
        {
            return text.Replace(ColourMark.ToString(), "", StringComparison.Ordinal);
        }
        var marked = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e' && text.IndexOf('m', i) is var end && end > i + 1)
            {
                if (_colours.Count < ColoursMaximum)
                {
                    marked.Append(ColourMark).Append((char)(FirstColour + _colours.Count));
                    _colours.Add(text[(i + 2)..end]);
                }
                i = end;
            }
            else if (text[i] != ColourMark)
            {
                marked.Append(text[i]);
            }
        }
        return marked.ToString();
    }

    private void Draw(ContainerBlock blocks, Margin margin, bool isTight)
    {
        var isFirst = true;
        foreach (var block in blocks)
        {
            if (block is LinkReferenceDefinition or LinkReferenceDefinitionGroup)
            {
                continue;
            }
            if (!isFirst && !isTight)
            {
                Add([], margin.Later);
            }
            Draw(block, isFirst ? margin : margin.Later, isTight);
            isFirst = false;
        }
    }

    private void Draw(Block block, Margin margin, bool isTight)
    {
        switch (block)
        {
            case HeadingBlock heading:
                var style = heading.Level == 1 ? InkStyle.Bold | InkStyle.Underline : InkStyle.Bold;
                Add(Inlines(heading.Inline, new(heading.Level <= 2 ? Tone.Accent : Tone.Plain, Style: style), 0), margin);
                break;
            case QuoteBlock quote:
                Draw(quote, margin.Add(new("▎ ", Tone.Dim), new("▎ ", Tone.Dim), _columns), isTight: false);
                break;
            case ListBlock list:
                Draw(list, margin, isTight);
                break;
            case Table table:
                Draw(table, margin);
                break;
            case CodeBlock code:
                var lines = code.Lines.ToString();
                var ink = code is FencedCodeBlock { Info: "diff" or "patch" }
                    ? DiffCard.Colour(Coloured(lines, Tone.Plain))
                    : Coloured(lines, _code);
                Add(ink, margin.Add(new("  ", Tone.Plain), new("  ", Tone.Plain), _columns));
                break;
            case ThematicBreakBlock:
                Add([new(new('─', Math.Max(1, Math.Min(40, _columns - margin.Columns))), Tone.Dim)], margin);
                break;
            case ContainerBlock container:
                Draw(container, margin, isTight);
                break;
            case LeafBlock { Inline: { } inline }:
                Add(Inlines(inline, Tone.Plain, 0), margin);
                break;
            case LeafBlock leaf:
                Add(Coloured(leaf.Lines.ToString(), Tone.Plain), margin);
                break;
        }
    }

    private void Draw(Table table, Margin margin)
    {
        Run[][][] cells =
        [
            .. table
                .OfType<TableRow>()
                .Select(row =>
                    row.OfType<TableCell>()
                        .Select(cell => cell.OfType<LeafBlock>().SelectMany(leaf => Inlines(leaf.Inline, Tone.Plain, 0)).ToArray())
                        .ToArray()
                ),
        ];
        var sides = table.ColumnDefinitions.Select(column =>
            column.Alignment switch
            {
                TableColumnAlign.Right => CellSide.Right,
                TableColumnAlign.Center => CellSide.Middle,
                _ => CellSide.Left,
            }
        );
        var rows = MarkdownTable.Rows(cells, [.. sides], _columns - margin.Columns);
        if (rows is null)
        {
            foreach (var row in cells)
            {
                Add(row.SelectMany((cell, i) => i == 0 ? cell : cell.Prepend(new Run(" │ ", Tone.Dim))), margin);
            }
            return;
        }
        for (var i = 0; i < rows.Value.Length; i++)
        {
            _rows.Add(new([.. i == 0 ? margin.First : margin.Rest, .. rows.Value[i].Runs]));
        }
    }

    private void Draw(ListBlock list, Margin margin, bool isTight)
    {
        var number = int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
        var isFirst = true;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            if (!isFirst && list.IsLoose && !isTight)
            {
                Add([], margin.Later);
            }
            var bullet = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "• ";
            Draw(
                item,
                (isFirst ? margin : margin.Later).Add(new(bullet, Tone.Accent), new(new(' ', bullet.Length), Tone.Plain), _columns),
                isTight: !list.IsLoose
            );
            isFirst = false;
        }
    }

    private void Add(IEnumerable<Run> runs, Margin margin)
    {
        var rows = CardText.Wrapped(runs, Math.Max(1, _columns - margin.Columns));
        if (rows.IsEmpty)
        {
            rows = [Line.Empty];
        }
        for (var i = 0; i < rows.Length; i++)
        {
            _rows.Add(new([.. i == 0 ? margin.First : margin.Rest, .. rows[i].Runs]));
        }
    }

    private IEnumerable<Run> Inlines(ContainerInline? inlines, Ink ink, int depth)
    {
        const int DepthMaximum = 200;
        for (var inline = depth > DepthMaximum ? null : inlines?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            foreach (var run in Inlines(inline, ink, depth))
            {
                yield return run;
            }
        }
    }

    private IEnumerable<Run> Inlines(Inline inline, Ink ink, int depth) =>
        inline switch
        {
            LiteralInline literal => Coloured(literal.Content.ToString(), ink),
            CodeInline code => Coloured(code.Content, _code with { Style = ink.Style }),
            EmphasisInline { DelimiterChar: '~' } struck => Inlines(struck, ink with { Style = ink.Style | InkStyle.Strike }, depth + 1),
            EmphasisInline emphasis => Inlines(
                emphasis,
                ink with
                {
                    Style = ink.Style | (emphasis.DelimiterCount == 2 ? InkStyle.Bold : InkStyle.Italic),
                },
                depth + 1
            ),
            LinkInline link => Link(link, ink, depth),
            AutolinkInline auto => Coloured(auto.Url, _link),
            HtmlEntityInline entity => Coloured(entity.Transcoded.ToString(), ink),
            LineBreakInline { IsHard: true } => [new("\n", ink)],
            // A table's rows stay rows.
            LineBreakInline { NextSibling: LiteralInline next } when next.Content.CurrentChar == '|' => [new("\n", ink)],
            LineBreakInline => [new(" ", ink)],
            DelimiterInline delimiter => Coloured(delimiter.ToLiteral(), ink).Concat(Inlines((ContainerInline)delimiter, ink, depth + 1)),
            ContainerInline container => Inlines(container, ink, depth + 1),
            _ => Coloured(inline.ToString() ?? "", ink),
        };

    private Run[] Link(LinkInline link, Ink ink, int depth)
    {
        var words = Inlines((ContainerInline)link, link.IsImage ? ink : _link with { Style = ink.Style | InkStyle.Underline }, depth + 1)
            .ToArray();
        var address = CleanText.OneLine(link.Url ?? "");
        var isSaid = string.Concat(words.Select(run => run.Text)) == address;
        return isSaid || address.Length == 0
            ? words
            : [.. link.IsImage ? (Run[])[new("image: ", Tone.Dim)] : [], .. words, new($" ({WithoutMarks(address)})", Tone.Dim)];
    }

    /// <summary>The text in the colours that it brings, else in ours.</summary>
    private IEnumerable<Run> Coloured(string text, Ink ink)
    {
        var from = 0;
        for (var at = text.IndexOf(ColourMark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(ColourMark, from))
        {
            if (at > from)
            {
                yield return new(text[from..at], Ours(ink));
            }
            if (at + 1 < text.Length && text[at + 1] - FirstColour is var index && index >= 0 && index < _colours.Count)
            {
                _own = Colours.Apply(_own, _colours[index]);
            }
            from = Math.Min(text.Length, at + 2);
        }
        if (from < text.Length)
        {
            yield return new(text[from..], Ours(ink));
        }
    }

    private Ink Ours(Ink ink) => _own == Tone.Plain ? ink : _own with { Style = _own.Style | ink.Style };

    private static string WithoutMarks(string text) =>
        string.Concat(text.Where(sign => sign != ColourMark && !(sign >= FirstColour && sign < FirstColour + ColoursMaximum)));
}
