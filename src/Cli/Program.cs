using StoriesCli.Cli;
using StoriesCli.Contracts;

FileSizeSignal.Ignore();
StandardStreams.Open();
using var interrupts = new ShutdownSignals();
return await CliApp.RunAsync(args, ProcessContext.Take() with { ShutdownSignals = interrupts }, interrupts.Wanted).ConfigureAwait(false);
