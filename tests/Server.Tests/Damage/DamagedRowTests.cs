using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>Rows in a damaged data file.</summary>
public sealed class DamagedRowTests
{
    [Theory]
    [InlineData("flip")]
    [InlineData("zeros")]
    [InlineData("garbage")]
    [InlineData("another page")]
    [InlineData("an older page")]
    [InlineData("long zeros")]
    public async Task Whatever_is_damaged_in_the_data_file_no_row_is_served_but_as_it_was_written(string kind)
    {
        using var folder = new TemporaryFolder();
        var (whole, older, notes) = await FillAsync(folder);
        var random = new Random(kind.Length * 7919);
        var file = await File.ReadAllBytesAsync(Path.Combine(whole, DataFileName));
        var pages = file.Length / PageBytes;
        for (var round = 0; round < 8; round++)
        {
            var page = round == 0 ? 0 : random.Next(1, pages);
            var damaged = Damage(file, older, page, kind, random);
            if (damaged.AsSpan().SequenceEqual(file))
                continue;
            var copy = folder.CopyOf(whole, "damaged");
            await File.WriteAllBytesAsync(Path.Combine(copy, DataFileName), damaged);

            if (await TryOpenAsync(copy) is not { } opened)
                continue;
            opened.Served.Should().BeSubsetOf(notes, $"page {page} is damaged by {kind}");
            notes.Except(opened.Served).Select(note => $"pages/{note.Id}").Should().BeSubsetOf(opened.Lost, "what is not served is named");
            (await TryOpenAsync(copy))!.Served.Should().BeEquivalentTo(opened.Served, "the file is whole again");
        }
    }

    [Fact]
    public async Task One_damaged_page_of_rows_takes_only_its_own_rows_and_one_of_an_index_takes_none()
    {
        using var folder = new TemporaryFolder();
        var (whole, _, notes) = await FillAsync(folder);
        var file = await File.ReadAllBytesAsync(Path.Combine(whole, DataFileName));
        var refused = 0;
        var random = new Random(11);
        var types = Enumerable.Range(1, file.Length / PageBytes - 1).GroupBy(page => (PageType)file[page * PageBytes + PageLayout.TypeAt]);
        foreach (var page in types.SelectMany(type => type.OrderBy(_ => random.Next()).Take(6)))
        {
            var type = (PageType)file[page * PageBytes + PageLayout.TypeAt];
            var copy = folder.CopyOf(whole, "damaged");
            await AlterAsync(copy, DataFileName, bytes => Flip(bytes, page * PageBytes + 200));

            var opened = await TryOpenAsync(copy);
            if (opened is null)
            {
                type.Should().Be(PageType.Data);
                // The only page with the row that holds the schema version.
                (++refused)
                    .Should()
                    .Be(1);
                continue;
            }
            if (type != PageType.Data)
                opened.Served.Should().BeEquivalentTo(notes);
            opened.Served.Should().BeSubsetOf(notes).And.HaveCountGreaterThan(notes.Count / 2);
            notes.Except(opened.Served).Select(note => $"pages/{note.Id}").Should().BeSubsetOf(opened.Lost);
            opened.Levels.Should().Contain(level => level >= LogLevel.Warning);
        }
    }

    [Theory]
    [InlineData("first page")]
    [InlineData("cut in a page")]
    [InlineData("cut to half")]
    [InlineData("cut to nothing")]
    [InlineData("noise")]
    public async Task A_data_file_that_tells_nothing_more_is_refused_in_words(string damage)
    {
        using var folder = new TemporaryFolder();
        var (whole, _, _) = await FillAsync(folder);
        await AlterAsync(
            whole,
            DataFileName,
            bytes =>
                damage switch
                {
                    "first page" => [.. new byte[PageBytes], .. bytes[PageBytes..]],
                    "cut in a page" => bytes[..(PageBytes / 2)],
                    "cut to half" => bytes[..(bytes.Length / 2)],
                    "cut to nothing" => [],
                    _ => [.. Enumerable.Repeat((byte)7, bytes.Length)],
                }
        );

        var refused = await FluentActions.Invoking(() => Notebook.OpenAsync(whole)).Should().ThrowAsync<DataDirectoryException>();

        refused.Which.Message.Should().Contain(Path.Combine(whole, DataFileName)).And.Contain("damaged").And.Contain("restore");
    }

    [Fact]
    public async Task A_changed_integer_opens_no_private_story_and_its_file_waits_for_the_host()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        var eve = host.Wire(await host.JoinAsync("eve"));
        var secret = (await ana.PostJsonAsync("/v1/stories", """{ "text": "for bob alone", "audience": ["bob"] }"""))
            .Json.GetProperty("id")
            .GetString()!;
        await host.StopAsync();
        await AlterAsync(host.DataPath, DataFileName, bytes => Readdress(bytes, secret, from: 2, to: 3));

        await host.StartAgainAsync();

        (await eve.GetAsync($"/v1/stories/{secret}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await ana.GetAsync($"/v1/stories/{secret}"))
            .Status.Should()
            .Be(HttpStatusCode.NotFound, "a row that was changed is served to nobody");
        var found = (await AdminSocket.TryFindLeftOversAsync(host.DataPath, default))!.Select(it => $"{it.Kind} {it.Path}").ToList();
        found.Should().Contain($"lost stories/{secret}").And.Contain("copy stories.db.damaged");
        found.Should().NotContain(line => line.StartsWith("media ", StringComparison.Ordinal));
        (await ana.GetAsync("/readyz")).Text.Should().StartWith("ready\n").And.Contain("rows are lost").And.NotContain(secret);
    }

    [Fact]
    public async Task An_account_whose_row_is_lost_stays_shut_and_nobody_gets_its_place()
    {
        await using var host = await ServerHost.StartAsync();
        var owner = await host.JoinAsync("ana");
        var ana = host.Wire(owner);
        var bob = host.Wire(await host.JoinAsync("bob"));
        var forBob = (await ana.PostJsonAsync("/v1/stories", """{ "text": "for bob alone", "audience": ["bob"] }"""))
            .Json.GetProperty("id")
            .GetString();
        await host.StopAsync();
        await AlterAsync(host.DataPath, DataFileName, bytes => Flip(bytes, bytes.AsSpan().IndexOf("displayName"u8)));

        await host.StartAgainAsync();

        (await bob.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.Unauthorized);
        var code = await File.ReadAllTextAsync(await host.Services.GetRequiredService<OwnerInvite>().RenewAsync());
        (await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{code.Trim()}}", "handle": "bob" }"""))
            .Code.Should()
            .Be("handle_taken");
        var joined = await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{code.Trim()}}", "handle": "eve" }""");
        var eve = host.Wire(joined.Json.GetProperty("token").GetString());
        (await eve.GetAsync($"/v1/stories/{forBob}")).Status.Should().Be(HttpStatusCode.NotFound, "eve did not get bob's number");
        (await eve.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.OK);
        (await eve.GetAsync("/v1/people")).Status.Should().Be(HttpStatusCode.OK);
        (await eve.GetAsync("/v1/admin/accounts")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_replacement_leaves_the_old_files_or_the_new_one()
    {
        using var folder = new TemporaryFolder();
        var (whole, _, notes) = await FillAsync(folder);
        var crashed = folder.CopyOf(whole, "crashed");
        File.Move(Path.Combine(crashed, DataFileName), Path.Combine(crashed, "stories.db.rebuilt"));
        await File.WriteAllTextAsync(Path.Combine(crashed, DataFileName), "the damaged one");

        (await TryOpenAsync(crashed))!.Served.Should().BeEquivalentTo(notes);
        File.Exists(Path.Combine(crashed, "stories.db.rebuilt")).Should().BeFalse();
    }

    [Fact]
    public async Task A_data_file_without_checksums_is_opened_with_a_warning_and_has_them_from_then_on()
    {
        using var folder = new TemporaryFolder();
        var (whole, _, notes) = await FillAsync(folder);
        File.Delete(Path.Combine(whole, PageSums.FileName));

        var first = await TryOpenAsync(whole);
        var second = await TryOpenAsync(whole);

        first!.Served.Should().BeEquivalentTo(notes);
        first.Levels.Should().Contain(LogLevel.Warning);
        second!.Levels.Should().NotContain(level => level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_page_that_rots_while_the_server_runs_is_in_no_backup()
    {
        using var folder = new TemporaryFolder();
        var (whole, _, _) = await FillAsync(folder);
        await using var notebook = await Notebook.OpenAsync(whole);
        (await notebook.Database.HoldAsync(() => true)).Dispose();
        using (var file = new FileStream(Path.Combine(whole, DataFileName), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = file.Length - 3;
            file.WriteByte(99);
        }

        var refused = await FluentActions
            .Invoking(() => notebook.Database.HoldAsync(() => true))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>();
        refused.Which.Message.Should().Contain("damaged");
    }

    /// <summary>A closed database of a few dozen pages, its file from before the last changes, and all its notes.</summary>
    private static async Task<(string Directory, byte[] Older, IReadOnlyList<Note> Notes)> FillAsync(TemporaryFolder folder)
    {
        var data = folder.New("data");
        var random = new Random(5);
        await using (var notebook = await Notebook.OpenAsync(data))
        {
            await Task.WhenAll(
                Enumerable.Range(0, 150).Select(i => notebook.AddAsync(new Note($"n{i:000}", new string('x', random.Next(2000)), i)))
            );
        }
        var older = await File.ReadAllBytesAsync(Path.Combine(data, DataFileName));
        await using (var notebook = await Notebook.OpenAsync(data))
        {
            for (var i = 0; i < 150; i += 3)
                await notebook.PutAsync(new Note($"n{i:000}", new string('y', random.Next(10_000)), -i));
            for (var i = 1; i < 150; i += 10)
                await notebook.RemoveAsync($"n{i:000}");
            return (data, older, [.. notebook.Current.Values]);
        }
    }

    private static byte[] Damage(byte[] file, byte[] older, int page, string kind, Random random)
    {
        var bytes = file.ToArray();
        var there = bytes.AsSpan(page * PageBytes, PageBytes);
        if (kind == "flip")
            there[random.Next(PageBytes)] ^= (byte)(1 << random.Next(8));
        else if (kind == "zeros")
            there[random.Next(PageBytes)..].Clear();
        else if (kind == "garbage")
            random.NextBytes(there[random.Next(PageBytes)..]);
        else if (kind == "another page")
            file.AsSpan(random.Next(file.Length / PageBytes) * PageBytes, PageBytes).CopyTo(there);
        else if (kind == "long zeros")
            bytes.AsSpan(page * PageBytes, Math.Min(bytes.Length - page * PageBytes, 8 * PageBytes)).Clear();
        else if ((page + 1) * PageBytes <= older.Length)
            older.AsSpan(page * PageBytes, PageBytes).CopyTo(there);
        return bytes;
    }

    // Changes the number of the audience's only account in the document, in LiteDB's format: 0x10, the name "0", the number.
    private static byte[] Readdress(byte[] file, string id, byte from, byte to)
    {
        var row = file.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"_id\0\u001b\0\0\0{id}"));
        var audience = row + file.AsSpan(row).IndexOf("audience\0"u8);
        var number = audience + file.AsSpan(audience).IndexOf("\u00100\0"u8) + 3;
        file[number].Should().Be(from);
        file[number] = to;
        return file;
    }
}
