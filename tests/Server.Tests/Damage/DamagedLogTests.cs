using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>A log whose end is damaged or cut.</summary>
public sealed class DamagedLogTests
{
    [Theory]
    [InlineData("cut between commits")]
    [InlineData("cut in the last commit")]
    [InlineData("emptied")]
    [InlineData("last byte changed")]
    [InlineData("middle changed")]
    [InlineData("middle changed, no note")]
    public async Task A_log_that_lost_what_may_have_been_acknowledged_is_told_and_kept(string damage)
    {
        using var folder = new TemporaryFolder();
        var running = await RunningAsync(folder);
        if (damage.EndsWith("no note", StringComparison.Ordinal))
            File.Delete(Path.Combine(running, SyncMark.FileName));
        await AlterAsync(
            running,
            LogFileName,
            bytes =>
                damage switch
                {
                    "cut between commits" => bytes[..(bytes.Length / PageFrame.Bytes / 2 * PageFrame.Bytes)],
                    "cut in the last commit" => bytes[..^100],
                    "emptied" => [],
                    "last byte changed" => Flip(bytes, bytes.Length - 1),
                    _ => Flip(bytes, bytes.Length / 2),
                }
        );
        var left = await File.ReadAllBytesAsync(Path.Combine(running, LogFileName));

        var log = new RememberingLogger<Database>();
        await using var notebook = await Notebook.OpenAsync(running, log: log);

        log.Entries.Should().Contain(entry => entry.Level == LogLevel.Error && entry.Message.Contains("acknowledged"));
        notebook.Database.LostLogPages.Should().BePositive();
        if (left.Length > 0)
            (await File.ReadAllBytesAsync(Path.Combine(running, "stories.log.damaged"))).Should().Equal(left);
    }

    [Fact]
    public async Task The_file_of_a_story_that_the_log_lost_waits_for_the_host()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var cut = folder.CopyOf(host.DataPath, "cut");
        await AlterAsync(cut, LogFileName, bytes => bytes[..(4 * PageFrame.Bytes)]);

        await using var opened = await ServerHost.OpenAsync(cut, host.Clock.GetUtcNow());

        var stories = opened.Services.GetRequiredService<StoryInventory>();
        opened.Services.GetRequiredService<StoryStore>().Current.ById.Should().NotContainKey(id);
        stories.Has(id).Should().BeTrue("the sweeper leaves its files alone");
        stories.Has(Ulid.NewUlid(DateTimeOffset.UtcNow.AddDays(1)).ToString().ToLowerInvariant()).Should().BeFalse();
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a torn page")]
    [InlineData("a whole page of a commit that never ended")]
    public async Task What_never_was_acknowledged_is_an_information(string tail)
    {
        using var folder = new TemporaryFolder();
        var running = await RunningAsync(folder);
        await AlterAsync(
            running,
            LogFileName,
            bytes =>
                tail switch
                {
                    "nothing" => bytes,
                    "a torn page" => [.. bytes, .. bytes[..1000]],
                    _ => [.. bytes, .. new byte[PageFrame.Bytes], .. Reframed(bytes, bytes.Length / PageFrame.Bytes + 1)],
                }
        );

        var log = new RememberingLogger<Database>();
        await using var notebook = await Notebook.OpenAsync(running, log: log);

        log.Entries.Should().NotContain(entry => entry.Level >= LogLevel.Warning);
        notebook.Current.Should().HaveCount(20);
    }

    [Fact]
    public async Task A_log_of_a_server_that_noted_nothing_is_opened_and_its_damage_is_told()
    {
        using var folder = new TemporaryFolder();
        var running = await RunningAsync(folder);
        File.Delete(Path.Combine(running, SyncMark.FileName));
        File.Delete(Path.Combine(running, PageSums.FileName));
        await AlterAsync(running, LogFileName, WithoutNotes);
        var damaged = folder.CopyOf(running, "damaged");
        await AlterAsync(damaged, LogFileName, bytes => Flip(bytes, bytes.Length / 2));

        (await Notebook.ReadAsync(running)).Should().HaveCount(20);
        (await TryOpenAsync(damaged))!.Levels.Should().Contain(LogLevel.Error);
    }

    [Fact]
    public async Task A_copy_of_what_was_damaged_ends_after_thirty_days()
    {
        using var folder = new TemporaryFolder();
        var running = await RunningAsync(folder);
        await AlterAsync(running, LogFileName, bytes => Flip(bytes, bytes.Length / 2));
        await using var notebook = await Notebook.OpenAsync(running);
        var kept = KeptDamage.Find(notebook.Directory).Should().ContainSingle().Subject;

        await notebook.Database.EraseDeletedAsync();
        File.Exists(kept.Path).Should().BeTrue();
        File.SetLastWriteTimeUtc(kept.Path, DateTime.UtcNow - KeptDamage.Life - TimeSpan.FromMinutes(1));
        await notebook.Database.EraseDeletedAsync();

        File.Exists(kept.Path).Should().BeFalse();
    }

    /// <summary>The files of a server that was killed after twenty acknowledged commits.</summary>
    private static async Task<string> RunningAsync(TemporaryFolder folder)
    {
        await using var notebook = await Notebook.OpenAsync(folder.New("data"));
        for (var i = 0; i < 20; i++)
            await notebook.AddAsync(new Note($"{i}", new string('x', 9000), i));
        return folder.CopyOf(folder.New("data"), "running");
    }

    /// <summary>The first frame of a log as if it were at another position, without the note that all before it was synced.</summary>
    private static byte[] Reframed(byte[] log, long index)
    {
        var frame = new PageFrame();
        log.AsSpan(0, PageFrame.Bytes).CopyTo(frame.Buffer);
        var page = frame.Page.ToArray();
        page[PageLayout.SpareAt] = 0;
        frame.Fill(page, frame.Salt, index, followsSync: false);
        return frame.Buffer.ToArray();
    }

    private static byte[] WithoutNotes(byte[] log)
    {
        var frame = new PageFrame();
        for (var at = 0; at + PageFrame.Bytes <= log.Length; at += PageFrame.Bytes)
        {
            log.AsSpan(at, PageFrame.Bytes).CopyTo(frame.Buffer);
            var page = frame.Page.ToArray();
            page[PageLayout.SpareAt] = 0;
            frame.Fill(page, frame.Salt, at / PageFrame.Bytes, followsSync: false);
            frame.Buffer.CopyTo(log.AsSpan(at, PageFrame.Bytes));
        }
        return log;
    }
}
