using StoriesCli.Cli;
using StoriesCli.Contracts;

FileSizeSignal.Ignore();
StandardStreams.Open();
using var interrupts = new Interrupts();
return await CliApp.RunAsync(args, ProcessSurroundings.Take() with { Interrupts = interrupts }, interrupts.Wanted).ConfigureAwait(false);
