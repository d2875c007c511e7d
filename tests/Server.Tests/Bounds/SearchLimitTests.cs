using System.Diagnostics;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>A search takes time linear in its texts, runs in slices, and stops when nobody waits for it.</summary>
public sealed class SearchLimitTests
{
    [Theory]
    [InlineData("/v1/stories")]
    [InlineData("/v1/archive")]
    public async Task Search_words_have_a_limit_that_is_told(string route)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var limits = (await ana.GetAsync("/v1/limits")).Json;

        (await ana.GetAsync($"{route}?q={new string('x', 201)}")).Detail.Should().Contain("at most 200 characters, has 201");
        (await ana.GetAsync($"{route}?q=a+b+c+d+e+f+g+h+i+j+k")).Detail.Should().Contain("at most 10 words, has 11");
        ((int)(await ana.GetAsync($"{route}?q=a+b+c+d+e+f+g+h+i+{string.Concat(Enumerable.Repeat("🎉", 182))}")).Status).Should().Be(200);
        (limits.GetProperty("searchCharacters").GetInt32(), limits.GetProperty("searchWords").GetInt32()).Should().Be((200, 10));
    }

    [Theory]
    [InlineData("abcabcabd", "xabcabcabcabdx", true)]
    [InlineData("aaab", "aaaaaaaab", true)]
    [InlineData("aaab", "aaaaaaaa", false)]
    [InlineData("ÉTÉ", "un été", true)]
    [InlineData("abcdabd", "ABC ABCDAB ABCDABCDABDE", true)]
    [InlineData("x", "", false)]
    [InlineData("endstart", "end", false)]
    public void Words_are_found_wherever_they_stand(string word, string text, bool isFound) =>
        Search(word).AreIn(Row(text) with { Text = "start" }, new() { Handle = "ana", DisplayName = "Ana" }).Should().Be(isFound);

    [Fact]
    public void Random_words_are_found_as_the_framework_finds_them()
    {
        var random = new Random(12);
        string Letters(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abAB"[random.Next(4)]));
        foreach (var _ in Enumerable.Range(0, 2_000))
        {
            var (word, text) = (Letters(random.Next(1, 8)), Letters(random.Next(0, 60)));
            Search(word).AreIn(Row(text), Nobody).Should().Be(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{word} in {text}");
        }
    }

    [Fact]
    public void Every_letter_is_found_in_its_other_case()
    {
        var letters = Enumerable
            .Range('!', char.MaxValue - '!')
            .Select(c => (char)c)
            .Where(c => !char.IsSurrogate(c) && !char.IsWhiteSpace(c));
        foreach (var letter in letters.Where(c => char.ToUpperInvariant(c) != c))
        {
            Search(char.ToUpperInvariant(letter).ToString()).AreIn(Row($"-{letter}-"), Nobody).Should().BeTrue($"{letter}");
            Search(letter.ToString()).AreIn(Row($"-{char.ToUpperInvariant(letter)}-"), Nobody).Should().BeTrue($"{letter}");
        }
        Search("1234567🎉9").AreIn(Row("1234567🎉9"), Nobody).Should().BeTrue("the beginning ends before the whole character");
    }

    [Fact]
    public void A_word_made_to_be_slow_takes_no_longer_than_others()
    {
        var row = Row(new('a', Limits.CaptionCharacters)) with { Text = new('a', Limits.TextPreviewCharacters) };
        var plain = Search("qqqqqqqqqb");
        var hostile = Search(new string('a', 99) + "b" + new string('a', 99));
        TimeSpan Cost(SearchWords words)
        {
            var watch = Stopwatch.StartNew();
            foreach (var _ in Enumerable.Range(0, 50))
            {
                words.AreIn(row, new() { Handle = "b", DisplayName = "b" }).Should().BeFalse();
            }
            return watch.Elapsed;
        }
        Cost(plain);
        Cost(hostile);
        // Comparing at every position would cost more than ten times as much as for a short word that begins alike.
        var other = Search("aaaaaaaab");
        var best = Enumerable.Range(0, 5).Min(_ => Cost(hostile) / Cost(other));

        best.Should().BeLessThan(4);
    }

    [Fact]
    public async Task A_long_scan_lets_others_run_every_few_milliseconds()
    {
        using var scans = new StoryScanner();
        var yields = new CountingContext();
        Task<List<int>> scan;
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(yields);
        try
        {
            scan = scans.FindAsync(Enumerable.Range(0, 400), LookForAMillisecond, int.MaxValue, CancellationToken.None);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        (await scan).Should().Equal(Enumerable.Range(0, 400));
        yields.Posts.Should().BeGreaterThanOrEqualTo(20, "400 ms in slices of 16 looks");
    }

    [Fact]
    public async Task A_scan_ends_when_nobody_waits_for_it()
    {
        using var scans = new StoryScanner();
        using var caller = new CancellationTokenSource();
        var looks = 0;
        var scan = scans.FindAsync(
            Enumerable.Range(0, 100_000),
            look =>
            {
                looks++;
                if (look == 40)
                {
                    caller.Cancel();
                }
                return LookForAMillisecond(look);
            },
            int.MaxValue,
            caller.Token
        );

        await scan.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        looks.Should().BeLessThan(100);
    }

    private static Person Nobody => new() { Handle = "9", DisplayName = "9" };

    private static bool LookForAMillisecond(int look)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMilliseconds(1); ) { }
        return true;
    }

    private static SearchWords Search(string query)
    {
        var faults = new ValidationErrors();
        var words = SearchWords.Read(query, faults);
        faults.ThrowIfAny();
        return words;
    }

    private static StoryRow Row(string caption) =>
        new()
        {
            Id = new('0', 26),
            Author = 1,
            Kind = StoryKinds.Text,
            Caption = caption,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
            Media = new()
            {
                Type = "text/plain",
                Bytes = 1,
                Sha256 = new('0', 64),
            },
        };

    /// <summary>Counts how often the code yields, and continues elsewhere.</summary>
    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => _posts;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                SetSynchronizationContext(this);
                d(state);
                SetSynchronizationContext(null);
            });
        }
    }
}
