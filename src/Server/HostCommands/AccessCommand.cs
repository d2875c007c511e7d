using System.CommandLine;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.HostCommands;

/// <summary>Lets the host make an access link, even when no admin can sign in.</summary>
internal static class AccessCommand
{
    private const int Done = 0;

    public static Command Make(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var handle = new Argument<string>("HANDLE") { Description = "Handle of an existing account." };
        var data = HostCommands.DataOption();
        var command = new Command(
            "access",
            "Make a one-time access link for an account, and print its code, which is valid for one hour. Works with and without a running server."
        )
        {
            handle,
            data,
        };
        command.SetAction(
            (parsed, cancel) =>
                HostCommands.WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        HostCommands.TryAsync(async () =>
                        {
                            var who = parsed.GetRequiredValue(handle);
                            var (code, url) =
                                await AdminSocket.TryGiveAccessAsync(options.Data, who, cancel).ConfigureAwait(false)
                                ?? (
                                    await GiveStoppedAsync(options, build, who).ConfigureAwait(false),
                                    options.UrlForPeople(options.Listen.Select(address => address.Text))
                                );
                            // Only the code goes to stdout, so that it can be piped and appears in no command line.
                            Console.Out.WriteLine(code);
                            await Console
                                .Error.WriteLineAsync(
                                    $"{who} types it at the prompt of: stories join {ShellWord.Of(url)} --handle {who}\nAfter a lost laptop, add --end-others: it ends all earlier tokens of {who}."
                                )
                                .ConfigureAwait(false);
                            return Done;
                        })
                )
        );
        return command;
    }

    private static Task<string> GiveStoppedAsync(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        string handle
    ) =>
        HostCommands.WithServicesAsync(
            options,
            build,
            async services =>
            {
                var access = await services
                    .GetRequiredService<AccessLinkStore>()
                    .MakeAsync(by: null, handle, repetition: null, CancellationToken.None)
                    .ConfigureAwait(false);
                return access.Code;
            }
        );
}
