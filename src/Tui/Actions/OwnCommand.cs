using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using StoriesCli.Client.Programs;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>A command of the viewer's own on a key, from the settings: it gets the shown story as <c>stories watch --exec</c> gives events.</summary>
/// <param name="line">A line for the shell.</param>
internal sealed class OwnCommand(string line) : StoryAction($"run: {CleanText.OneLine(line)}", null)
{
    /// <summary>The value of <c>STORIES_EVENT_TYPE</c>.</summary>
    public const string EventType = "story.shown";

    /// <summary>How a value in the settings begins.</summary>
    private const string Prefix = "exec:";

    public override bool WorksInArchive => true;

    public override bool IsOffWhenRestricted => true;

    public static bool IsOne(string value) => value.TrimStart().StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="KeyException">The name is no key, or there is no command.</exception>
    public static Binding Bind(string name, string value)
    {
        var line = value.TrimStart()[Prefix.Length..].Trim();
        if (line.Length == 0)
        {
            throw new KeyException($"keys.{name}: \"{value}\" names no program: write \"{Prefix} PROGRAM ARGUMENTS\".");
        }
        if (KeyNames.Find(name) is not { } key)
        {
            throw new KeyException($"keys.{name}: \"{value}\" is a command, so \"{name}\" has to be a key: {KeyNames.Rule}.");
        }
        var action = new OwnCommand(line);
        return new(action, [new(name, [key], new InputMsg.Start(action), action.Help)]);
    }

    protected override Model StartRestricted(Model model) => model.Notify("External programs are off here: --restricted.");

    /// <summary>One at a time: a key that is held down starts no crowd of programs.</summary>
    protected override Model Start(Model model, Story shown) =>
        model.Commands.OfType<Execute>().Any(command => command.Line == line)
            ? model.Notify($"Still running: {line}")
            : model.Run(new Execute(line, shown)).Notify($"Running: {line}");

    /// <summary>Its output never reaches the screen.</summary>
    public sealed record Execute(string Line, Story Story) : Command
    {
        private const int ErrorBytes = 4096;

        private static readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(60),
            _patience = TimeSpan.FromMilliseconds(200);

        /// <summary>Its limit is its own.</summary>
        public override bool IsLong => true;

        public override bool IsOffWhenRestricted => true;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var start = EventProgram.StartInfo(
                Line,
                new()
                {
                    Type = EventType,
                    At = context.Now,
                    StoryId = Story.Id,
                    Story = Story,
                }
            );
            start.WorkingDirectory = Path.GetFullPath(context.Options.Folder);
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            // Its time begins before it does.
            using var limit = new CancellationTokenSource(_timeLimit, context.Options.Clock);
            Process process;
            try
            {
                process = Process.Start(start)!;
            }
            catch (Win32Exception e)
            {
                return new CommandFailed($"The shell {start.FileName} cannot be started: {e.Message}");
            }
            process.StandardInput.Close();
            var error = new byte[ErrorBytes];
            var reads = Task.WhenAll(
                ReadAsync(process.StandardOutput.BaseStream, default),
                ReadAsync(process.StandardError.BaseStream, error)
            );
            try
            {
                if (await HasEndedAsync(process, limit.Token, stop).ConfigureAwait(false) is not { } code)
                {
                    return new CommandFailed($"Stopped after {_timeLimit.TotalSeconds:0} s: {Line}");
                }
                await Task.WhenAny(reads, Task.Delay(_patience, stop)).ConfigureAwait(false);
                return code == 0 ? new Notice($"Done: {Line}") : new CommandFailed($"Exit code {code}{FirstLine(error)}: {Line}");
            }
            finally
            {
                // A background process of the command may go on printing: the pipes stay open for as long as it runs.
                _ = reads.ContinueWith(_ => process.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        /// <returns>Its exit code; null: it took too long, and was stopped.</returns>
        private static async Task<int?> HasEndedAsync(Process process, CancellationToken limit, CancellationToken stop)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop, limit);
            try
            {
                await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                stop.ThrowIfCancellationRequested();
                return null;
            }
        }

        /// <summary>Reads to the end, and keeps what fits.</summary>
        private static async Task ReadAsync(Stream from, Memory<byte> kept)
        {
            var dropped = new byte[ErrorBytes];
            try
            {
                while (await from.ReadAsync(kept.IsEmpty ? dropped : kept).ConfigureAwait(false) is var count and > 0)
                {
                    kept = kept.IsEmpty ? kept : kept[count..];
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Nobody reads further.
            }
        }

        private static string FirstLine(byte[] error) =>
            Encoding
                .UTF8.GetString(error)
                .Split('\n', '\0')
                .Select(one => CleanText.OneLine(one).Trim())
                .FirstOrDefault(one => one.Length > 0)
                is { } said
                ? $", \"{said}\""
                : "";
    }
}
