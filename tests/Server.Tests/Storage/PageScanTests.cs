using LiteDB;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>A start reads rows from the pages of the data file. It finds the same as the engine does.</summary>
public sealed class PageScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rows_from_pages_are_the_rows_of_the_engine(int seed)
    {
        var random = new Random(seed);
        var path = _folder.New("data");
        await using (var notebook = await Notebook.OpenAsync(path))
        {
            var changes = new List<Task>();
            for (var i = 0; i < 3_000; i++)
            {
                // Texts of some bytes, of several pages, and some that move when they grow.
                var note = new Note(
                    $"{random.Next(2_000):d4}",
                    new string('ä', random.Next(20) == 0 ? random.Next(30_000) : random.Next(300)),
                    i
                );
                changes.Add(random.Next(4) == 0 ? notebook.RemoveAsync(note.Id) : notebook.PutAsync(note));
                if (changes.Count % 100 == 0)
                    await Task.WhenAll(changes);
            }
        }

        await using var again = await Notebook.OpenAsync(path);
        var expected = new List<Note>();
        while (
            await again.Database.ReadAsync(Notebook.Pages, new RowRange { After = expected.LastOrDefault()?.Id, Limit = 200 })
                is { Count: > 0 } page
        )
            expected.AddRange(page);
        expected.Count.Should().BeGreaterThan(1_000);
        again.Current.Values.OrderBy(note => note.Id, StringComparer.Ordinal).Should().Equal(expected);
        again.MarkProjection.Current.Should().BeEquivalentTo(again.Current);
    }

    [Fact]
    public void A_document_reads_from_its_bytes_as_from_the_engine()
    {
        var written = new RowDocument
        {
            ["text"] = "grün ✓",
            ["empty"] = "",
            ["none"] = (string?)null,
            ["int"] = -7,
            ["long"] = long.MaxValue,
            ["double"] = 0.5,
            ["yes"] = true,
            ["no"] = false,
            ["time"] = DateTimeOffset.UnixEpoch.AddDays(20_000),
            ["bytes"] = new byte[] { 0, 1, 255 },
            ["texts"] = new[] { "a", "ä", "" },
            ["ints"] = new[] { 3, 1, 2 },
            ["nothing"] = Array.Empty<string>(),
            ["inner"] = new RowDocument { ["text"] = "within" },
        };

        var read = new RowDocument(BsonSerializer.Serialize(written.Stored));

        // In the order of the fields, and against it.
        string[] fields = [.. written.Stored.Keys, "missing"];
        foreach (var field in (IEnumerable<string>)[.. fields, .. fields.Reverse()])
        {
            read[field].IsNull.Should().Be(written[field].IsNull, field);
        }
        read["text"].Text.Should().Be("grün ✓");
        read["empty"].Text.Should().BeEmpty();
        read["none"].Text.Should().BeNull();
        (read["int"].Int, read["int"].Long, read["long"].Long, read["long"].LongOrNull).Should().Be((-7, -7, long.MaxValue, long.MaxValue));
        (read["missing"].IntOrNull, read["none"].LongOrNull, read["none"].TimeOrNull).Should().Be((null, null, null));
        (read["double"].Double, read["int"].Double).Should().Be((0.5, -7));
        (read["yes"].Flag, read["no"].Flag, read["missing"].Flag, read["int"].Flag).Should().Be((true, false, false, false));
        read["time"].Time.Should().Be(written["time"].Time);
        read["bytes"].Bytes.Should().Equal(0, 1, 255);
        read["texts"].Texts.Should().Equal("a", "ä", "");
        read["ints"].Ints.Should().Equal(3, 1, 2);
        read["nothing"].TextsOrNull.Should().BeEmpty();
        (read["missing"].TextsOrNull, read["none"].IntsOrNull, read["missing"].Document).Should().Be((null, null, null));
        read["inner"].Document!["text"].Text.Should().Be("within");
        read.Invoking(it => it["int"].Text).Should().Throw<InvalidDataException>();
        read.Invoking(it => it["text"] = "changed").Should().Throw<InvalidOperationException>("it is not for writing");
    }
}
