using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>The only place that prints. Results go to stdout, everything else to stderr. Text from others is cleaned first.</summary>
internal sealed class Output(CliContext context, Format format) : IDisposable
{
    private readonly StreamWriter _results = new(context.Out, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
    private readonly Lock _errors = new();
    private StreamReader? _lines;

    /// <summary>For text made from our own definitions, such as help.</summary>
    public TextWriter Results => _results;

    public bool IsJson => format == Format.Json;
    public bool IsQuiet => format == Format.Quiet;

    /// <summary>One result, of one line or several.</summary>
    public void Line(string text) => _results.WriteLine(CleanText.Lines(text));

    /// <summary>The tab-separated parts of one result.</summary>
    public void Tabbed(params string[] parts) => _results.WriteLine(string.Join('\t', parts.Select(CleanText.OneLine)));

    /// <summary>Rows of results: a table on a terminal, otherwise tab-separated.</summary>
    /// <param name="headers">Names of the columns.</param>
    /// <param name="rows">Each with one cell for each column.</param>
    /// <param name="text">The column that a terminal cuts to its width (default: the last). Later columns are left out if all are empty.</param>
    public void Rows(string[] headers, IReadOnlyList<string[]> rows, int? text = null)
    {
        var cut = text ?? headers.Length - 1;
        var clean = rows.Select(row => row.Select(CleanText.OneLine).ToArray()).ToArray();
        if (!context.OutIsTerminal || IsQuiet)
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
        var lines = Columns.Align([.. clean.Prepend(headers).Select(row => row[..shown])], context.Width(), cut);
        _results.WriteLine(context.HasColour ? $"\e[1m{lines[0]}\e[0m" : lines[0]);
        foreach (var (line, row) in lines.Skip(1).Zip(clean))
        {
            _results.WriteLine(Paint(line, row));
        }
    }

    /// <summary>A row that is printed on its own: tab-separated, or in fixed columns on a terminal.</summary>
    public void Row(string[] row, int[] widths)
    {
        var clean = row.Select(CleanText.OneLine).ToArray();
        var line = context.OutIsTerminal
            ? Columns.Cut(
                string.Join(
                    "  ",
                    clean.Select((cell, column) => cell + new string(' ', Math.Max(0, widths[column] - Columns.Measure(cell))))
                ),
                Math.Max(20, context.Width())
            )
            : string.Join('\t', clean);
        _results.WriteLine(Paint(line.TrimEnd(' '), clean));
    }

    /// <summary>Colours the first cell, which identifies the row.</summary>
    private string Paint(string line, string[] row) =>
        context.HasColour && !IsQuiet && row.Length > 1 && row[0].Length > 0 ? $"\e[36m{row[0]}\e[0m{line[row[0].Length..]}" : line;

    /// <summary>The result as one JSON document.</summary>
    public void Json(Action<Utf8JsonWriter> write) => _results.WriteLine(SafeJson.Write(write, indented: context.OutIsTerminal));

    /// <summary>One result of a stream, as a line of JSON, flushed at once.</summary>
    public void JsonLine(JsonElement element)
    {
        _results.WriteLine(SafeJson.Write(element.WriteTo, indented: false));
        Flush();
    }

    /// <summary>Lines with our own escape sequences, printed as they are.</summary>
    public void Drawing(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _results.WriteLine(line);
        }
    }

    /// <summary>Standard output as bytes, after everything printed so far.</summary>
    public Stream TakeStream()
    {
        Flush();
        return context.Out;
    }

    /// <summary>Standard error as bytes.</summary>
    public Stream TakeErrorStream() => context.ErrorBytes;

    /// <summary>A note on stderr.</summary>
    public void Note(string text)
    {
        if (!IsQuiet && !IsJson)
        {
            WriteError(CleanText.Lines(text) + "\n");
        }
    }

    /// <summary>A message on stderr in every format, such as a warning.</summary>
    public void Warn(string text) => WriteError($"stories: {CleanText.Lines(text)}\n");

    /// <summary>A result on stderr, if stdout belongs to another program.</summary>
    public void Aside(string line) => WriteError(CleanText.OneLine(line) + "\n");

    /// <summary>Why the command failed.</summary>
    public int Fail(CliError fault)
    {
        try
        {
            Flush();
        }
        catch (IOException)
        {
            // A closed stdout must not hide the failure.
        }
        WriteError(IsJson ? SafeJson.Problem(fault) + "\n" : $"stories: {CleanText.Lines(fault.Message)}\n");
        return fault.ExitCode;
    }

    /// <summary>A progress bar on stderr until it is disposed; null without a terminal.</summary>
    public ProgressBar StartProgress(string label, long totalBytes) =>
        new(CleanText.OneLine(label), totalBytes, context.Clock, context.Width, context.ShowsProgress && !IsQuiet ? WriteError : null);

    /// <summary>Prompts on the terminal; the question goes to stderr.</summary>
    public Task<string?> AskAsync(string question, CancellationToken cancel)
    {
        WriteError(CleanText.OneLine(question) + " ");
        return AwaitAsync(ReadLine, cancel);
    }

    /// <summary>Asks a question that needs a clear yes.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancel) =>
        (await AskAsync(question, cancel).ConfigureAwait(false))?.Trim() is "y" or "Y" or "yes";

    /// <summary>Prints the path of a saved file.</summary>
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

    /// <summary>Prompts for a secret without echo, or reads one line of stdin.</summary>
    public async Task<string?> AskSecretAsync(string question, CancellationToken cancel)
    {
        if (!context.InIsTerminal)
        {
            return await AwaitAsync(ReadLine, cancel).ConfigureAwait(false);
        }
        WriteError(CleanText.OneLine(question) + " ");
        var secret = await AwaitAsync(context.ReadSecret, cancel).ConfigureAwait(false);
        WriteError("\n");
        return secret;
    }

    public void Flush() => _results.Flush();

    public void Dispose()
    {
        _lines?.Dispose();
        try
        {
            _results.Dispose();
        }
        catch (IOException)
        {
            // The error was reported when the output was flushed.
        }
    }

    /// <summary>A blocking read cannot be cancelled, so an interrupt abandons it.</summary>
    private static Task<string?> AwaitAsync(Func<string?> read, CancellationToken cancel) =>
        Task.Run(read, CancellationToken.None).WaitAsync(cancel);

    /// <summary>One reader for all questions: it may have read ahead.</summary>
    private string? ReadLine() => (_lines ??= new(context.In, Encoding.UTF8, leaveOpen: true)).ReadLine();

    private void WriteError(string text)
    {
        lock (_errors)
        {
            try
            {
                context.Error.Write(text);
            }
            catch (IOException)
            {
                // A closed stderr must not change the exit code.
            }
        }
    }
}
