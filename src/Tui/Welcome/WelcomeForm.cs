using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Welcome;

/// <summary>Which server to join, and as whom. Link and code are secrets, and not shown.</summary>
internal sealed record WelcomeForm()
    : FormDialog(
        "Welcome to stories",
        "Join",
        [
            new(Address, "Invite link", "paste it; an admin sends it. Or a server's URL", TextEdit.Empty) { IsSecret = true },
            new(Code, "Invite code", "only without a link", TextEdit.Empty) { IsSecret = true },
            new(Handle, "Your handle", "2 to 32 of a-z, 0-9, _ and -", TextEdit.Empty),
        ]
    )
{
    private const string Address = "address",
        Code = "code",
        Handle = "handle";

    public override string Intro =>
        """
            A team's photos, cards and terminals, which expire after a day.
            You have not joined a server yet.

            To try it out, run "stories-server --data try" in another terminal,
            enter http://127.0.0.1:7867 as the link, and the code that is in the
            file try/owner-invite.
            """;

    public override string Hint => base.Hint.Replace("closes", "quits", StringComparison.Ordinal);

    public override Model Close(Model model) =>
        Command is null ? model with { Exit = new ExitReason.Quit() } : model with { Dialog = this with { Command = null } };

    protected override Model Submit(Model model) =>
        this[Address].Length == 0 ? Refuse(model, "A link, or a server's URL, is needed.")
        : this[Handle].Length == 0 ? Refuse(model, "A handle is needed: it is your name on this server.")
        : Await(model, new Join(new(this[Address], this[Code].Length > 0 ? this[Code] : null, this[Handle])));

    /// <param name="Answers">What was entered.</param>
    public sealed record Join(WelcomeAnswers Answers) : Command
    {
        public override Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            throw new NotSupportedException("There is no client without a server.");

        /// <summary>There is no server yet whose client a command could use.</summary>
        public async Task<CommandResult> RunAsync(WelcomeOptions options, CancellationToken stop) =>
            await options.JoinAsync(Answers, stop).ConfigureAwait(false) is { } fault ? new CommandFailed(fault) : new Joined();
    }

    private sealed record Joined : CommandResult
    {
        public override Model Update(Model model, bool awaited) => model with { Exit = new ExitReason.Quit(), Dialog = null };
    }
}
