using System.Diagnostics;

namespace StoriesCli.Bench.Tui;

/// <summary>The figures of the terminal UI.</summary>
internal static class TuiEntry
{
    public const string Command = "tui";

    private const string Usage = """
        stories-bench tui --server FILE --client FILE --samples DIR --out DIR [--peer TIG] [--quick]
        script/bench-tui builds what it needs and runs it.
        """;

    private static readonly string[] _needed = ["--server", "--client", "--samples", "--out"];

    public static int Run(IReadOnlyDictionary<string, string> options)
    {
        if (!_needed.All(options.ContainsKey))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        var folder = Directory.CreateTempSubdirectory("stories-bench-").FullName;
        var started = Stopwatch.GetTimestamp();
        var lab = new Lab(options["--server"], options["--client"], "", options["--samples"], folder, options.ContainsKey("--quick"));
        var results = new Results();
        var failed = new List<string>();
        var peer = options.TryGetValue("--peer", out var tig) && tig.Length > 0 ? PeerStage.Open(lab, tig) : null;
        try
        {
            using var pictures = StoryStage.WithPictures(lab);
            using var card = StoryStage.WithCard(lab);
            var figures = new TuiFigures(lab, results);
            Subject[] ours = [pictures.Viewer(isKitty: false), pictures.Viewer(isKitty: true)];
            foreach (var subject in ours)
            {
                Try(() => figures.Start(subject, isOurs: true));
                Try(() => Use(lab, figures, subject));
            }
            if (peer is not null)
            {
                Try(() => figures.Start(peer, isOurs: false));
                Try(() => UsePeer(figures, peer));
            }
            Try(() => figures.BeAtRest(ours, card.Viewer(isKitty: false) with { Name = "card" }, peer));
            TuiReport.Write(options["--out"], lab, results, failed, peer?.Name, Stopwatch.GetElapsedTime(started));
            return failed.Count == 0 ? 0 : 1;
        }
        finally
        {
            Running.EndAll();
            Directory.Delete(folder, recursive: true);
        }

        void Try(Action measure)
        {
            try
            {
                measure();
            }
            catch (Exception e)
            {
                // The other figures are worth having.
                Console.Error.WriteLine($"bench: {e.Message}");
                failed.Add(e.Message.Split('\n')[0]);
            }
        }
    }

    private static void Use(Lab lab, TuiFigures figures, Subject subject)
    {
        using var terminal = subject.Start();
        TuiFigures.Rest(terminal, subject);
        figures.PressKeys(terminal, subject, "choosing a person", i => (i % 8 < 4 ? "j" : "k", _ => true), isOurs: true);
        terminal.Press("\e");
        // To the last picture and back.
        const int There = StoryStage.Pictures - 1;
        figures.PressKeys(
            terminal,
            subject,
            "next picture",
            i =>
            {
                var (key, number) = i % (2 * There) < There ? ("\e[C", i % There + 2) : ("\e[D", There - i % There);
                var (pictures, drawn) = (terminal.Pictures, terminal.Drawn);
                return (key, t => t.Shows(Caption(number)) && IsNew(t));

                bool IsNew(TimedTerminal t) => subject.IsKitty ? t.Pictures > pictures : subject.HasPicture!(t) && t.Drawn != drawn;
            },
            isOurs: true
        );
        figures.Memory(terminal, subject, lab.IsQuick ? "after a few pictures" : "after 101 pictures, each shown twice", isOurs: true);
        figures.Continue(terminal, subject);
    }

    private static void UsePeer(TuiFigures figures, Subject peer)
    {
        using var terminal = peer.Start();
        TuiFigures.Rest(terminal, peer);
        figures.PressKeys(terminal, peer, "next line", i => (i % 8 < 4 ? "j" : "k", _ => true), isOurs: false);
        figures.Memory(terminal, peer, "after those keys", isOurs: false);
    }

    private static string Caption(int picture) => FormattableString.Invariant($"picture {picture}.");
}
