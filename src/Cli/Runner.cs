using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>What every command's body is run in: its session, its time limit, and the one place that turns failures into exit codes.</summary>
internal sealed class Runner(Surroundings around, GlobalOptions options)
{
    public Func<ParseResult, CancellationToken, Task<int>> Run(Func<Session, ParseResult, CancellationToken, Task<int>> body) =>
        async (parsed, interrupted) =>
        {
            var flags = options.Read(parsed);
            using var output = new Output(around, flags.Format);
            using var limit = flags.Timeout is { } timeout
                ? new CancellationTokenSource(timeout, around.Clock)
                : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interrupted);
            using var session = new Session(around, flags, output);
            try
            {
                var code = await body(session, parsed, either.Token).ConfigureAwait(false);
                output.Flush();
                return code;
            }
            // Whatever breaks while everything is being ended is no failure of its own.
            catch (Exception) when (interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return output.Fail(
                    new(
                        ExitCode.TimedOut,
                        $"The command was not done after {flags.Timeout!.Value.TotalSeconds:0.###} s, the time given by --timeout."
                    )
                );
            }
            catch (Exception e)
            {
                return Output.IsClosedPipe(e) ? ExitCode.Failed : output.Fail(Fault.Of(e));
            }
        };
}
