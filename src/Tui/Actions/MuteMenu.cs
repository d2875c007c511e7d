using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Mutes a person, a tag or everything, for a time or for good, and ends that again.</summary>
internal sealed class MuteMenu() : TuiAction("mute or unmute", null, new ActionKey("mute", "m"))
{
    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    /// <summary>Opens at once with the choices of the shown story. The current mutes are loaded in the background.</summary>
    protected override Model Start(Model model) => model.Run(new Load()) with { Dialog = new TargetList(Choices(model, [])) };

    /// <summary>A mute that has ended changes tray and stories: both are loaded again.</summary>
    public static Model Expire(Model model)
    {
        var ends = model.Link.MutesEnd;
        return ends.IsEmpty || ends.Min > model.Now ? model : Reload(WithEnds(model, ends.Except(ends.Where(end => end <= model.Now))));
    }

    private static Model WithEnds(Model model, ImmutableSortedSet<DateTimeOffset> ends) =>
        model with
        {
            Link = model.Link with { MutesEnd = ends },
        };

    private static Model Reload(Model model) =>
        model with
        {
            Link = model.Link with { TrayStale = true, MuteRound = model.Link.MuteRound + 1 },
            Tray = model.Tray with
            {
                Places = [.. model.Tray.Places.Select(place => place.IsAlbum ? place : place with { Round = place.Round + 1 })],
            },
        };

    private static ImmutableArray<Choice> Choices(Model model, ImmutableArray<Mute> mutes)
    {
        var now = mutes
            .DistinctBy(mute => (mute.Person?.Handle, mute.Tag))
            .ToDictionary(mute => new Target(mute.Person?.Handle, mute.Tag), mute => mute.Until);
        var story = model.Shown;
        Target[] near =
        [
            .. story is not null && story.Author.Handle != model.Session.Me ? (Target[])[new(story.Author.Handle, null)] : [],
            .. story?.Tags.Select(tag => new Target(null, tag)) ?? [],
            new(null, null),
        ];
        return
        [
            .. near.Concat(now.Keys.Except(near))
                .Select(target => new Choice(target.Name, Describe(model, target, now), new TargetChosen(target))),
        ];
    }

    private static string Describe(Model model, Target target, Dictionary<Target, DateTimeOffset?> mutes) =>
        mutes.TryGetValue(target, out var until)
            ? until is { } end
                ? $"muted until {Format.When(end, model.Session.Zone, model.Now)}"
                : "muted"
            : target switch
            {
                { Handle: not null } => "their stories",
                { Tag: not null } => "stories with this tag",
                _ => "until you unmute it, or for a time",
            };

    /// <summary>A person by handle, a tag, or with neither everything.</summary>
    public sealed record Target(string? Handle, string? Tag)
    {
        public string Name =>
            Handle is not null ? $"@{Handle}"
            : Tag is not null ? $"#{Tag}"
            : "everything";
    }

    private sealed record TargetList(ImmutableArray<Choice> All) : ListDialog("Mute or unmute", All);

    private sealed record TargetChosen(Target Target) : ActionMsg
    {
        public override Model Update(Model model) =>
            model with
            {
                Dialog = new ListDialog(
                    $"Mute {Target.Name}: nothing of it counts as new",
                    [
                        new("for 1 hour", "", new TimeChosen(Target, true, TimeSpan.FromHours(1))),
                        new("for 8 hours", "", new TimeChosen(Target, true, TimeSpan.FromHours(8))),
                        new("for 1 day", "", new TimeChosen(Target, true, TimeSpan.FromDays(1))),
                        new("for good", "", new TimeChosen(Target, true, null)),
                        new("unmute", "", new TimeChosen(Target, false, null)),
                    ]
                )
                {
                    IsNumbered = true,
                    Frame = "mute",
                },
            };
    }

    private sealed record TimeChosen(Target Target, bool On, TimeSpan? For) : ActionMsg
    {
        public override Model Update(Model model) =>
            (model with { Dialog = null, Elapsed = TimeSpan.Zero }).Run(new Change(Target, On, For));
    }

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new Loaded([.. await context.Client.Mutes.ListAsync(stop).ConfigureAwait(false)]);
    }

    /// <summary>Current mutes come below the choices of the story, so that no line moves while somebody chooses.</summary>
    public sealed record Loaded(ImmutableArray<Mute> Mutes) : CommandResult
    {
        public override Model Update(Model model, bool awaited)
        {
            model = model with
            {
                Link = model.Link with { MutesEnd = model.Link.MutesEnd.Union(Mutes.Select(mute => mute.Until).OfType<DateTimeOffset>()) },
            };
            return model.Dialog is TargetList list ? model with { Dialog = list with { All = Choices(model, Mutes) } } : model;
        }
    }

    /// <param name="Target">Who or what.</param>
    /// <param name="On">False: no longer.</param>
    /// <param name="For">For how long; null: for good.</param>
    public sealed record Change(Target Target, bool On, TimeSpan? For) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var client = context.Client;
            DateTimeOffset? until = For is { } time ? context.Now + time : null;
            await (
                (Target, On) switch
                {
                    ({ Handle: { } handle }, true) => client.Mutes.MutePersonAsync(handle, until, stop),
                    ({ Handle: { } handle }, false) => client.Mutes.UnmutePersonAsync(handle, stop),
                    ({ Tag: { } tag }, true) => client.Mutes.MuteTagAsync(tag, until, stop),
                    ({ Tag: { } tag }, false) => client.Mutes.UnmuteTagAsync(tag, stop),
                    (_, true) => client.Mutes.MuteAllAsync(until, stop),
                    _ => client.Mutes.UnmuteAllAsync(stop),
                }
            ).ConfigureAwait(false);
            return new Changed(
                !On ? $"Unmuted: {Target.Name}."
                    : For is { } span ? $"Muted for {Durations.Format(span)}: {Target.Name}."
                    : $"Muted: {Target.Name}.",
                until
            );
        }
    }

    public sealed record Changed(string Text, DateTimeOffset? Until) : CommandResult
    {
        public override Model Update(Model model, bool awaited)
        {
            model = Reload(model.CloseDialog(awaited));
            return (
                Until is { } until ? model with { Link = model.Link with { MutesEnd = model.Link.MutesEnd.Add(until) } } : model
            ).Notify(Text);
        }
    }
}
