using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>The only place that prints. Results go to stdout, everything else to stderr, and no text of others reaches a terminal unclean.</summary>
internal sealed class Output(Surroundings around, Format format) : IDisposable
{
    private readonly StreamWriter _results = new(around.Out, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
    private readonly Lock _errors = new();

    /// <summary>For text that the parser makes of our own definitions, such as help.</summary>
    public TextWriter Results => _results;

    public bool IsJson => format == Format.Json;
    public bool IsQuiet => format == Format.Quiet;

    /// <summary>One result, of one line or several.</summary>
    public void Line(string text) => _results.WriteLine(CleanText.Lines(text));

    /// <summary>Parts of one result that belong together, for programs.</summary>
    public void Tabbed(params string[] parts) => _results.WriteLine(string.Join('\t', parts.Select(CleanText.OneLine)));

    /// <summary>Rows of results: a table on a terminal, else columns parted by tabs.</summary>
    /// <param name="headers">Names of the columns.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="text">Which column a terminal cuts to its width, the last unless told. What follows it is left out where it is empty.</param>
    public void Rows(string[] headers, IReadOnlyList<string[]> rows, int? text = null)
    {
        var cut = text ?? headers.Length - 1;
        var clean = rows.Select(row => row.Select(CleanText.OneLine).ToArray()).ToArray();
        if (!around.OutIsTerminal || IsQuiet)
        {
            foreach (var row in clean)
            {
                _results.WriteLine(
                    Paint(string.Join('\t', row.Take(Math.Max(cut, Array.FindLastIndex(row, cell => cell.Length > 0)) + 1)), row)
                );
            }
            return;
        }
        var shown = Math.Max(cut, clean.Select(row => Array.FindLastIndex(row, cell => cell.Length > 0)).DefaultIfEmpty(cut).Max()) + 1;
        var lines = Columns.Align([.. clean.Prepend(headers).Select(row => row[..shown])], around.Width(), cut);
        _results.WriteLine(around.HasColour ? $"\e[1m{lines[0]}\e[0m" : lines[0]);
        foreach (var (line, row) in lines.Skip(1).Zip(clean))
        {
            _results.WriteLine(Paint(line, row));
        }
    }

    /// <summary>One row of many that come one by one: tabs between the cells, on a terminal columns of fixed widths.</summary>
    public void Row(string[] row, int[] widths)
    {
        var clean = row.Select(CleanText.OneLine).ToArray();
        var line = around.OutIsTerminal
            ? Columns.Cut(
                string.Join(
                    "  ",
                    clean.Select((cell, column) => cell + new string(' ', Math.Max(0, widths[column] - Columns.Measure(cell))))
                ),
                Math.Max(20, around.Width())
            )
            : string.Join('\t', clean);
        _results.WriteLine(Paint(line.TrimEnd(' '), clean));
    }

    /// <summary>Colours the first cell, which names what the row is about.</summary>
    private string Paint(string line, string[] row) =>
        around.HasColour && !IsQuiet && row.Length > 1 && row[0].Length > 0 ? $"\e[36m{row[0]}\e[0m{line[row[0].Length..]}" : line;

    /// <summary>The result as one JSON document.</summary>
    public void Json(Action<Utf8JsonWriter> write) => _results.WriteLine(SafeJson.Write(write, indented: around.OutIsTerminal));

    /// <summary>One of many results, as JSON on a line of its own, there at once.</summary>
    public void JsonLine(JsonElement element)
    {
        _results.WriteLine(SafeJson.Write(element.WriteTo, indented: false));
        Flush();
    }

    /// <summary>Lines that we have drawn ourselves: escape sequences in them are ours.</summary>
    public void Drawing(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _results.WriteLine(line);
        }
    }

    /// <summary>Bytes, as they are: what was printed before goes first.</summary>
    public Stream TakeStream()
    {
        Flush();
        return around.Out;
    }

    /// <summary>The same for stderr.</summary>
    public Stream TakeErrorStream() => around.ErrorBytes;

    /// <summary>Something that is good to know, on stderr.</summary>
    public void Note(string text)
    {
        if (!IsQuiet && !IsJson)
        {
            WriteError(CleanText.Lines(text) + "\n");
        }
    }

    /// <summary>Something that stderr must hold in every format: a warning, or a secret's circumstances.</summary>
    public void Warn(string text) => WriteError($"stories: {CleanText.Lines(text)}\n");

    /// <summary>A result that must not stand among what another program writes to stdout.</summary>
    public void Aside(string line) => WriteError(CleanText.OneLine(line) + "\n");

    /// <summary>Why the command failed.</summary>
    public int Fail(Fault fault)
    {
        try
        {
            Flush();
        }
        catch (IOException)
        {
            // Whoever read the results is gone, which must not hide the failure.
        }
        WriteError(IsJson ? SafeJson.Problem(fault) + "\n" : $"stories: {CleanText.Lines(fault.Message)}\n");
        return fault.ExitCode;
    }

    /// <summary>A bar on stderr that is there while it is not disposed; nothing where nobody looks.</summary>
    public ProgressBar StartProgress(string label, long totalBytes) =>
        new(CleanText.OneLine(label), totalBytes, around.Clock, around.Width, around.ShowsProgress && !IsQuiet ? WriteError : null);

    /// <summary>Asks on the terminal; the question goes to stderr.</summary>
    public Task<string?> AskAsync(string question, CancellationToken cancel)
    {
        WriteError(CleanText.OneLine(question) + " ");
        return AwaitAsync(ReadLine, cancel);
    }

    /// <summary>Asks a question that only a plain yes answers.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancel) =>
        (await AskAsync(question, cancel).ConfigureAwait(false))?.Trim() is "y" or "Y" or "yes";

    /// <summary>Where something was saved.</summary>
    public void Path(string path)
    {
        if (IsJson)
        {
            Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("path", path);
                writer.WriteEndObject();
            });
        }
        else
        {
            Line(path);
        }
    }

    /// <summary>Asks for a secret on the terminal without echo, or reads one line of stdin elsewhere.</summary>
    public async Task<string?> AskSecretAsync(string question, CancellationToken cancel)
    {
        if (!around.InIsTerminal)
        {
            return await AwaitAsync(ReadLine, cancel).ConfigureAwait(false);
        }
        WriteError(CleanText.OneLine(question) + " ");
        var secret = await AwaitAsync(around.ReadSecret, cancel).ConfigureAwait(false);
        WriteError("\n");
        return secret;
    }

    public void Flush() => _results.Flush();

    /// <summary>Whether stdout was closed by its reader, as <c>| head</c> does: nothing that needs a message.</summary>
    public static bool IsClosedPipe(Exception e) => e is IOException && e.Message.Contains("Broken pipe", StringComparison.Ordinal);

    public void Dispose()
    {
        try
        {
            _results.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was told when it was flushed.
        }
    }

    /// <summary>Nobody can end a read that waits for a person: an interrupt leaves it behind.</summary>
    private static Task<string?> AwaitAsync(Func<string?> read, CancellationToken cancel) =>
        Task.Run(read, CancellationToken.None).WaitAsync(cancel);

    private string? ReadLine()
    {
        using var lines = new StreamReader(around.In, Encoding.UTF8, leaveOpen: true);
        return lines.ReadLine();
    }

    private void WriteError(string text)
    {
        lock (_errors)
        {
            try
            {
                around.Error.Write(text);
            }
            catch (IOException)
            {
                // Nobody can be told, which must not decide how the command ends.
            }
        }
    }
}
