using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>The account's own groups of people.</summary>
internal static class Circles
{
    public static Choice Choice { get; } =
        new("Circles", "your own groups of people, +name in an audience", new DialogMsg.LoadList("Your circles", new Load()));

    public sealed record Prompt : PromptDialog
    {
        public Prompt(string name, IEnumerable<string> members)
            : base(
                "Who is in it",
                "name: handles, separated by spaces; without any the circle ends",
                TextEdit.Of(name.Length == 0 ? "" : $"{name}: {string.Join(' ', members)}")
            ) => DraftName = $"circle {name}";

        /// <summary>One for each circle, and one for a new one.</summary>
        public override string? DraftName { get; }

        protected override Command? Read(Model model, string answer) => Put.Read(answer);
    }

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var circles = await context.Client.Circles.ListAsync(stop).ConfigureAwait(false);
            return new ListLoaded(
                [
                    .. circles.Select(circle => new Choice(
                        $"+{circle.Name}",
                        string.Join(' ', circle.Members),
                        new DialogMsg.Open(new Prompt(circle.Name, circle.Members))
                    )),
                    new("New circle", "", new DialogMsg.Open(new Prompt("", []))),
                ],
                "Your circles"
            );
        }
    }

    /// <summary>Makes or changes a circle. Without members it ends.</summary>
    public sealed record Put(string Name, ImmutableArray<string> Members) : Command
    {
        /// <summary>Reads <c>name: handles</c>; null if it is something else.</summary>
        public static Put? Read(string text) =>
            text.Split(':') is [var name, var members] && Names.Circle.IsMatch(name.Trim().TrimStart('+'))
                ? new(
                    name.Trim().TrimStart('+'),
                    [.. members.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(member => member.TrimStart('@'))]
                )
                : null;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            if (Members.IsEmpty)
            {
                await context.Client.Circles.DeleteAsync(Name, stop).ConfigureAwait(false);
                return new Notice($"The circle {Name} has ended.");
            }
            var circle = await context.Client.Circles.PutAsync(Name, [.. Members], stop).ConfigureAwait(false);
            return new Notice($"+{circle.Name} has {circle.Members.Length}.");
        }
    }
}
