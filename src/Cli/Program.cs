using StoriesCli.Cli;

return await CliApp.RunAsync(args, ProcessSurroundings.Take()).ConfigureAwait(false);
