using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>Runs every command: with its session, its time limit, and the one place that turns failures into exit codes.</summary>
internal sealed class Runner(CliContext context, GlobalOptions options)
{
    public Func<ParseResult, CancellationToken, Task<int>> Run(Func<Session, ParseResult, CancellationToken, Task<int>> body) =>
        async (parsed, interrupted) =>
        {
            var flags = options.Read(parsed);
            using var output = new Output(context, flags.Format);
            using var limit = flags.Timeout is { } timeout
                ? new CancellationTokenSource(timeout, context.Clock)
                : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interrupted);
            using var session = new Session(context, flags, output);
            try
            {
                var code = await body(session, parsed, either.Token).ConfigureAwait(false);
                output.Flush();
                return code;
            }
            // Errors during cancellation are not reported.
            catch (Exception) when (interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return output.Fail(
                    new(
                        ExitCode.TimedOut,
                        $"The command did not finish within {flags.Timeout!.Value.TotalSeconds:0.###} s, the limit set by --timeout."
                    )
                );
            }
            catch (Exception e)
            {
                return BrokenPipe.IsCauseOf(e) ? ExitCode.Failed : output.Fail(CliError.Of(e));
            }
        };
}
