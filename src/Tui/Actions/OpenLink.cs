using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Opens a link of the story in the system's browser, after asking.</summary>
internal sealed class OpenLink() : StoryAction("open its link (asks)", "link", new ActionKey("link", "o"))
{
    public override bool WorksInArchive => true;

    public override bool IsOffWhenRestricted => true;

    protected override bool Applies(Model model, Story shown) => AddressesOf(shown).Length > 0;

    /// <summary>The links of the story, and the page of the run that posted it.</summary>
    public static string[] AddressesOf(Story story) => [.. story.Links.Concat(story.Source?.RunUrl is { } run ? [run] : []).Distinct()];

    protected override Model StartRestricted(Model model) => model.Notify("Opening links is off here: --restricted.");

    protected override Model Start(Model model, Story shown)
    {
        return AddressesOf(shown) switch
        {
            [] => model.Notify("This story has no link."),
            [var only] => Ask(model, only),
            var addresses => model with
            {
                Dialog = new ListDialog("Links", [.. addresses.Select(address => new Choice(address, "", new LinkChosen(address)))])
                {
                    StoryId = shown.Id,
                },
            },
        };
    }

    private static Model Ask(Model model, string address) =>
        model with
        {
            Dialog = new ConfirmDialog("Open this address outside?", address, new Open(address)) { StoryId = model.ShownId },
        };

    private sealed record LinkChosen(string Address) : ActionMsg
    {
        public override Model Update(Model model) => Ask(model, Address);
    }

    /// <summary>Hands the address to the system's opener: a program with one argument, never a line for a shell.</summary>
    public sealed record Open(string Address) : Command
    {
        public override bool IsOffWhenRestricted => true;

        public override Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) => Task.FromResult(Start());

        private CommandResult Start()
        {
            if (!Uri.TryCreate(Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                return new CommandFailed("Only http and https addresses are opened.");
            }
            try
            {
                var process = Process.Start(ChildEnvironment.Piped(Platforms.Opener(Platforms.Current), uri.AbsoluteUri))!;
                process.StandardInput.Close();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                return new Notice($"Opened: {uri.AbsoluteUri}");
            }
            catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException)
            {
                return new NotOpened(Address);
            }
        }
    }

    /// <summary>No program here opens links, as over SSH: the address is there to be opened elsewhere.</summary>
    public sealed record NotOpened(string Address) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            (
                model.Dialog is not null
                    ? model.Notify($"Copied, because {Platforms.Opener(Platforms.Current)} is missing here: {Address}")
                    : model with
                    {
                        Dialog = new LinkDialog(
                            "Copied. No program here opens links.",
                            Address,
                            $"{Platforms.Opener(Platforms.Current)} cannot be started. Paste the address into a browser on your own machine."
                        ),
                    }
            ).Copy(Address);
    }
}
