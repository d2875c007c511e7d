using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

internal static class MuteCommand
{
    private static readonly string[] Headers = ["muted", "until"];

    // 100 years, well within the range of dates.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    public static Command Make(Runner runner)
    {
        var what = new What();
        var time = new Option<string?>("--for")
        {
            HelpName = "TIME",
            Description = "Duration, for example 2h or 7d (default: until \"stories unmute\").",
        };
        var end = new Option<string?>("--until")
        {
            HelpName = "TIME",
            Description = "End: a local date or time (2026-11-30, 2026-11-30T08:00), or 2026-11-30T08:00:00Z.",
        };
        var command = new StoriesCommand(
            "mute",
            "Mute a person, a tag or everything. Muted stories do not count as unseen. Nobody else can see this. Without arguments, list your mutes."
        )
        {
            what.Handle,
            what.Tag,
            what.All,
            time,
            end,
        }.With(
            ["stories mute", "stories mute @ci --for 8h", "stories mute --tag nightly", "stories mute --all --for 1h"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (what.IsNothing(parsed))
                    {
                        return parsed.GetValue(time) is null && parsed.GetValue(end) is null
                            ? await ListAsync(session, cancel).ConfigureAwait(false)
                            : throw CommandException.Usage("Name one person, or add --tag TAG or --all.");
                    }
                    var until = Until(session, parsed.GetValue(time), parsed.GetValue(end));
                    await what.DoAsync(
                            parsed,
                            handle => session.Api.Mutes.MutePersonAsync(handle, until, cancel),
                            tag => session.Api.Mutes.MuteTagAsync(tag, until, cancel),
                            () => session.Api.Mutes.MuteAllAsync(until, cancel)
                        )
                        .ConfigureAwait(false);
                    session.Out.Note(
                        $"{what.Describe(parsed)} is muted {(until is { } instant ? $"until {StoryText.Time(instant)}" : "until it is unmuted")}."
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    public static Command MakeUnmute(Runner runner)
    {
        var what = new What();
        var command = new StoriesCommand("unmute", "Unmute a person, a tag or everything.") { what.Handle, what.Tag, what.All }.With(
            ["stories unmute @ci", "stories unmute --tag nightly", "stories unmute --all"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    await what.DoAsync(
                            parsed,
                            handle => session.Api.Mutes.UnmutePersonAsync(handle, cancel),
                            tag => session.Api.Mutes.UnmuteTagAsync(tag, cancel),
                            () => session.Api.Mutes.UnmuteAllAsync(cancel)
                        )
                        .ConfigureAwait(false);
                    session.Out.Note($"{what.Describe(parsed)} is no longer muted.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<int> ListAsync(Session session, CancellationToken cancel)
    {
        var mutes = await session.Api.Mutes.ListAsync(cancel).ConfigureAwait(false);
        Listing.Print(session, mutes, Headers, Name, mute => [Name(mute), mute.Until is { } until ? StoryText.Time(until) : ""]);
        return ExitCode.Done;
    }

    private static string Name(Mute mute) =>
        mute.Person is { } person ? $"@{person.Handle}"
        : mute.Tag is { } tag ? $"#{tag}"
        : "everything";

    private static DateTimeOffset? Until(Session session, string? length, string? instant) =>
        (length, instant) switch
        {
            (null, null) => null,
            ({ } span, null) => session.Now + Check(span),
            (null, { } time) => CheckInstant(session, time),
            _ => throw CommandException.Usage("Use either --for or --until, not both."),
        };

    private static DateTimeOffset CheckInstant(Session session, string text) =>
        LocalTime.Parse(text, session.Context.Zone, isEnd: true) is not { } instant
            ? throw CommandException.Usage(
                $"\"{Columns.Cut(CleanText.OneLine(text), 80)}\" is not a time. --until takes for example 2026-11-30, 2026-11-30T08:00 or 2026-11-30T08:00:00Z."
            )
        : instant > session.Now ? instant
        : throw CommandException.Usage($"--until must be in the future, and {StoryText.Time(instant)} is past.");

    private static TimeSpan Check(string text) =>
        Durations.TryParse(text, out var length) && length > TimeSpan.Zero && length <= Longest
            ? length
            : throw CommandException.Usage(
                $"--for takes a time such as 30m, 8h or 7d, at most {Durations.Format(Longest)}, not \"{text}\". Without --for it lasts until \"stories unmute\"."
            );

    /// <summary>What to mute or unmute: a person, a tag or everything.</summary>
    private sealed class What
    {
        public Argument<string?> Handle { get; } = new("HANDLE") { Arity = ArgumentArity.ZeroOrOne, Description = "This person." };
        public Option<string?> Tag { get; } = new("--tag") { HelpName = "TAG", Description = "Stories with this tag." };
        public Option<bool> All { get; } = new("--all") { Description = "Everything." };

        public string Describe(ParseResult parsed) =>
            parsed.GetValue(Handle) is { } handle ? $"@{Handles.Check(handle)}"
            : parsed.GetValue(Tag) is { } tag ? $"#{Plain(tag)}"
            : "Everything";

        public bool IsNothing(ParseResult parsed) =>
            parsed.GetValue(Handle) is null && parsed.GetValue(Tag) is null && !parsed.GetValue(All);

        public Task DoAsync(ParseResult parsed, Func<string, Task> person, Func<string, Task> tagged, Func<Task> all)
        {
            var (handle, tag, everything) = (parsed.GetValue(Handle), parsed.GetValue(Tag), parsed.GetValue(All));
            if (new[] { handle is not null, tag is not null, everything }.Count(given => given) != 1)
            {
                throw CommandException.Usage("Name one person, or add --tag TAG or --all.");
            }
            return handle is not null ? person(Handles.Check(handle))
                : tag is not null ? tagged(Plain(tag))
                : all();
        }

        private static string Plain(string tag)
        {
            var plain = tag.StartsWith('#') ? tag[1..] : tag;
            return Names.Tag.IsMatch(plain)
                ? plain
                : throw new CommandException(ExitCode.Refused, $"\"{tag}\" is not a tag. A tag has 1 to 32 characters of a-z, 0-9 and -.");
        }
    }
}
