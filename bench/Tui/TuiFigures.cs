using System.Diagnostics;

namespace StoriesCli.Bench.Tui;

/// <summary>Measures full-screen programs: ours, and a peer where there is one.</summary>
internal sealed class TuiFigures(Lab lab, Results results)
{
    private const double FirstFrameGoal = 60,
        FirstPictureGoal = 150,
        KeyMedianGoal = 8,
        KeyWorstGoal = 35,
        StillGoal = 10,
        AdvancingGoal = 300,
        ProcessorGoal = 0.05,
        WakeupsGoal = 2,
        HangUpGoal = 50,
        ContinueGoal = 20,
        MemoryGoal = 50;

    // The first seconds of a program are no rest: it still asks the terminal what it can, and reads ahead.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(4),
        _frame = TimeSpan.FromMilliseconds(200);

    private int Starts => lab.IsQuick ? 1 : 10;

    private int Keys => lab.IsQuick ? 4 : 200;

    private int Resting => lab.IsQuick ? 1 : 3;

    private TimeSpan RestTime => lab.IsQuick ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(30);

    /// <summary>From exec to the first frame and the first picture, and from a closed window to the end.</summary>
    /// <param name="subject">What is started.</param>
    /// <param name="isOurs">Whether goals are set for it.</param>
    public void Start(Subject subject, bool isOurs)
    {
        List<double> frames = [],
            pictures = [],
            processor = [],
            ends = [];
        // The first start reads the program from the disk.
        for (var i = -1; i < Starts; i++)
        {
            using var terminal = subject.Start();
            var frame = terminal.Until(subject.InFrame(t => t.Shows(subject.FirstFrame)), subject.FirstFrame);
            var picture = subject.HasPicture is { } has ? terminal.Until(subject.InFrame(has), "a picture") : 0;
            var used = ProcessFacts.ProcessorSeconds(terminal.Program.Id) * 1000;
            if (!terminal.Shows(subject.Ready))
            {
                terminal.Until(t => t.Shows(subject.Ready), subject.Ready);
            }
            terminal.Settle(_frame);
            var closed = terminal.HangUp();
            if (!terminal.Program.WaitForExit(TimeSpan.FromSeconds(30)))
            {
                throw new InvalidOperationException($"{subject.Name} goes on after its terminal was closed");
            }
            var ended = Stopwatch.GetTimestamp();
            if (i < 0)
            {
                continue;
            }
            frames.Add(Milliseconds(terminal.ExecutedAt, frame));
            ends.Add(Milliseconds(closed, ended));
            if (subject.HasPicture is not null)
            {
                pictures.Add(Milliseconds(terminal.ExecutedAt, picture));
                processor.Add(used);
            }
        }
        Add(subject, "first frame", "from exec", frames, isOurs ? FirstFrameGoal : null, "ms");
        if (pictures.Count > 0)
        {
            Add(subject, "first picture", "from exec to the last byte of its frame", pictures, isOurs ? FirstPictureGoal : null, "ms");
            Add(subject, "processor time to the first picture", "which other load hardly changes", processor, null, "ms");
        }
        Add(subject, "hang-up to exit", "window closed", ends, isOurs ? HangUpGoal : null, "ms");
    }

    /// <summary>From a key to the last byte of what it changes.</summary>
    /// <param name="terminal">At rest.</param>
    /// <param name="subject">What it runs.</param>
    /// <param name="what">What the keys do.</param>
    /// <param name="key">The n-th key, from 0 on, and whether what it changes is there.</param>
    /// <param name="isOurs">Whether goals are set for it.</param>
    public void PressKeys(
        TimedTerminal terminal,
        Subject subject,
        string what,
        Func<int, (string Key, Func<TimedTerminal, bool> IsThere)> key,
        bool isOurs
    )
    {
        List<double> times = [],
            bytes = [];
        for (var i = 0; i < Keys; i++)
        {
            terminal.Settle(TimedTerminal.Pause);
            var (keys, isThere) = key(i);
            var before = terminal.Bytes;
            var pressed = terminal.Press(keys);
            var shown = terminal.Until(isThere, $"an answer to key {i}");
            times.Add(Milliseconds(pressed, Math.Max(shown, terminal.Settle(TimedTerminal.Pause))));
            bytes.Add(terminal.Bytes - before);
        }
        var how = FormattableString.Invariant(
            $"to the last byte, {Keys} keys, each after {TimedTerminal.Pause.TotalMilliseconds} ms of silence"
        );
        Add(subject, $"key, {what}, median", how, times, isOurs ? KeyMedianGoal : null, "ms", "0.0");
        var worst = times.Max();
        results.Add(
            new(
                $"{subject.Name}: key, {what}, worst",
                "of the same",
                $"{Spread.Text(worst, "0.0")} ms",
                Spread.Of(times.Order().Skip(times.Count * 9 / 10)).Range("0.0") + ", slowest tenth",
                isOurs ? $"≤ {KeyWorstGoal} ms" : "",
                isOurs ? worst <= KeyWorstGoal : null
            )
        );
        Add(subject, $"key, {what}, bytes", "of the same", bytes, null, "B", "0");
    }

    /// <summary>The terminal as it is once nothing moves any more, on its first story, paused.</summary>
    public static void Rest(TimedTerminal terminal, Subject subject)
    {
        if (subject.HasPicture is { } has)
        {
            terminal.Until(subject.InFrame(has), "a picture");
        }
        if (!terminal.Shows(subject.Ready))
        {
            terminal.Until(t => t.Shows(subject.Ready), subject.Ready);
        }
        if (subject.IsFramed)
        {
            terminal.Press(" ");
            terminal.Until(t => t.Shows("⏸"), "⏸");
        }
    }

    /// <summary>Processor time, wakeups and bytes while nothing happens, of several at once, so that one span of time is enough for all.</summary>
    /// <param name="still">At rest.</param>
    /// <param name="advancing">With a card that stays for longer than all this takes.</param>
    /// <param name="peer">Null: there is none.</param>
    public void BeAtRest(IReadOnlyList<Subject> still, Subject advancing, Subject? peer)
    {
        var all = new List<(Subject Subject, TimedTerminal Terminal, bool IsStill)>();
        try
        {
            foreach (var subject in peer is null ? still : [.. still, peer])
            {
                for (var i = 0; i < Resting; i++)
                {
                    all.Add((subject, subject.Start(), true));
                    Rest(all[^1].Terminal, subject);
                }
            }
            for (var i = 0; i < Resting; i++)
            {
                all.Add((advancing, advancing.Start(), false));
                all[^1].Terminal.Until(t => t.Shows("A long card"), "the card");
            }
            Thread.Sleep(_settling);
            var before = all.ConvertAll(one => Sample.Of(one.Terminal));
            Thread.Sleep(RestTime);
            var rates = all.Select((one, i) => (one.Subject, one.IsStill, Rate: Sample.Of(one.Terminal).Since(before[i]))).ToArray();
            if (all.Find(one => !one.IsStill).Terminal is { } card)
            {
                card.Settle(TimeSpan.Zero);
                if (!card.Shows("A long card"))
                {
                    throw new InvalidOperationException($"the card did not stay until all was measured:\n{card.Screen()}");
                }
            }
            var how = FormattableString.Invariant($"over {RestTime.TotalSeconds} s, {Resting} at once, event stream open");
            foreach (var group in rates.GroupBy(rate => rate.Subject))
            {
                var (isOurs, isStill) = (group.Key != peer, group.First().IsStill);
                var when = isStill ? "at rest" : "advancing";
                how = isOurs ? how : how.Replace(", event stream open", "", StringComparison.Ordinal);
                Add(
                    group.Key,
                    $"bytes a second, {when}",
                    how,
                    group.Select(r => r.Rate.Bytes),
                    isOurs
                        ? isStill
                            ? StillGoal
                            : AdvancingGoal
                        : null,
                    "B/s",
                    "0.0"
                );
                Add(
                    group.Key,
                    $"processor, {when}",
                    how,
                    group.Select(r => r.Rate.Processor * 100),
                    isOurs && isStill ? ProcessorGoal : null,
                    "%",
                    "0.000"
                );
                Add(
                    group.Key,
                    $"wakeups a second, {when}",
                    how,
                    group.Select(r => r.Rate.Wakeups),
                    isOurs && isStill ? WakeupsGoal : null,
                    "/s"
                );
            }
        }
        finally
        {
            all.ForEach(one => one.Terminal.Dispose());
        }
    }

    /// <summary>From SIGCONT, after a shell had the terminal, to the last byte of a screen that has all that was there before.</summary>
    public void Continue(TimedTerminal terminal, Subject subject)
    {
        List<double> times = [];
        var left = 0;
        terminal.Settle(_frame);
        for (var i = 0; i < Starts; i++)
        {
            var before = terminal.Screen();
            Send("STOP", terminal);
            var watch = Stopwatch.StartNew();
            while (!ProcessFacts.IsStopped(terminal.Program.Id))
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(10))
                {
                    throw new TimeoutException("SIGSTOP did not stop the program within 10 s.");
                }
                // No event tells of it.
                Thread.Sleep(1);
            }
            terminal.TakeByShell();
            terminal.Forget();
            var continued = Send("CONT", terminal);
            // The shell's line is drawn over by the whole frame alone.
            var whole = terminal.Until(
                t => Lines(t.Screen(), 0) == Lines(before, 0) && Lines(t.Screen(), ^1) == Lines(before, ^1),
                "the whole frame"
            );
            times.Add(Milliseconds(continued, Math.Max(whole, terminal.Settle(TimedTerminal.Pause))));
            left += terminal.IsByLine ? 1 : 0;
        }
        var how = FormattableString.Invariant($"after the terminal's mode was put back; {left} of {Starts} times the program left it so");
        Add(subject, "SIGCONT to the whole frame", how, times, ContinueGoal, "ms", "0.0");
    }

    public void Memory(TimedTerminal terminal, Subject subject, string after, bool isOurs)
    {
        var (proportional, resident) = ProcessFacts.Megabytes(terminal.Program.Id);
        results.Add(
            new(
                $"{subject.Name}: memory",
                after,
                $"{Spread.Text(resident, "0.0")} MB resident",
                $"{Spread.Text(proportional, "0.0")} MB proportional",
                isOurs ? $"≤ {MemoryGoal} MB" : "",
                isOurs ? resident <= MemoryGoal : null
            )
        );
    }

    private static string Lines(string screen, Index row) => screen.Split('\n')[row].TrimEnd();

    private static long Send(string signal, TimedTerminal terminal)
    {
        var number = signal == "STOP" ? 19 : 18;
        var at = Stopwatch.GetTimestamp();
        Posix.Libc.Check(Posix.LibcProcess.Send(terminal.Program.Id, number), "kill");
        return at;
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private void Add(
        Subject subject,
        string what,
        string how,
        IEnumerable<double> values,
        double? goal,
        string unit,
        string format = "0.00"
    )
    {
        var spread = Spread.Of(values);
        results.Add(
            new(
                $"{subject.Name}: {what}",
                how,
                $"{Spread.Text(spread.Median, format)} {unit}",
                spread.Range(format),
                goal is { } most ? FormattableString.Invariant($"≤ {most} {unit}") : "",
                goal is null ? null : spread.Median <= goal
            )
        );
    }

    private readonly record struct Sample(long At, double Processor, double Wakeups, double Bytes)
    {
        public static Sample Of(TimedTerminal terminal) =>
            new(
                Stopwatch.GetTimestamp(),
                ProcessFacts.ProcessorSeconds(terminal.Program.Id),
                ProcessFacts.Wakeups(terminal.Program.Id),
                terminal.Bytes
            );

        /// <summary>Of each, what came in a second.</summary>
        public Sample Since(Sample before)
        {
            var seconds = Stopwatch.GetElapsedTime(before.At, At).TotalSeconds;
            return new(
                At,
                (Processor - before.Processor) / seconds,
                (Wakeups - before.Wakeups) / seconds,
                (Bytes - before.Bytes) / seconds
            );
        }
    }
}
