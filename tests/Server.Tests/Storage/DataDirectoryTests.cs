using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_server_on_the_same_directory_is_refused_until_the_first_ends()
    {
        using (DataDirectory.Open(_folder.New("data")))
            FluentActions
                .Invoking(() => DataDirectory.Open(_folder.New("data")))
                .Should()
                .Throw<DataDirectoryException>()
                .WithMessage($"*{_folder.New("data")}*in use by another server*");
        DataDirectory.Open(_folder.New("data")).Dispose();
    }

    [Fact]
    public void A_path_that_cannot_be_a_directory_is_named()
    {
        File.WriteAllText(_folder.New("file"), "");
        FluentActions
            .Invoking(() => DataDirectory.Open(_folder.New("file")))
            .Should()
            .Throw<DataDirectoryException>()
            .WithMessage("*file*");
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_may_open_what_is_made()
    {
        await using var notebook = await Notebook.OpenAsync(_folder.New("data"));
        await notebook.AddAsync(new Note("a", "x"));
        AtomicFile.WriteAllText(notebook.Directory.File("owner-invite"), "secret");

        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (var path in Directory.GetFiles(_folder.New("data")))
            File.GetUnixFileMode(path).Should().Be(file, path);
        foreach (var path in Directory.GetDirectories(_folder.New("data")).Append(_folder.New("data")))
            File.GetUnixFileMode(path).Should().Be(file | UnixFileMode.UserExecute, path);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_directory_that_others_could_enter_is_closed_if_it_is_ours_or_empty_and_else_refused()
    {
        const UnixFileMode closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            open = (UnixFileMode)0b111_111_111;
        foreach (var (name, file) in new[] { ("empty", null), ("configured", "server.json"), ("used", "stories.db") })
        {
            Directory.CreateDirectory(_folder.New(name));
            if (file is not null)
                File.WriteAllText(System.IO.Path.Combine(_folder.New(name), file), "");
            File.SetUnixFileMode(_folder.New(name), open);

            using var directory = DataDirectory.Open(_folder.New(name));

            (directory.ModeBefore, File.GetUnixFileMode(_folder.New(name))).Should().Be((open, closed), name);
        }
        Directory.CreateDirectory(_folder.New("home"));
        File.WriteAllText(System.IO.Path.Combine(_folder.New("home"), "letter.txt"), "");
        File.SetUnixFileMode(_folder.New("home"), open);

        FluentActions
            .Invoking(() => DataDirectory.Open(_folder.New("home")))
            .Should()
            .Throw<ForeignDirectoryException>()
            .WithMessage("*home*letter.txt*");

        File.GetUnixFileMode(_folder.New("home")).Should().Be(open);
        Directory.GetFileSystemEntries(_folder.New("home")).Should().ContainSingle();
    }

    [Fact]
    public void Media_spread_over_256_folders_that_are_made_when_needed_and_ids_cannot_leave_them()
    {
        using var directory = DataDirectory.Open(_folder.New("data"));
        Directory.GetDirectories(directory.MediaPath).Should().BeEmpty();
        var folders = Enumerable
            .Range(0, 2000)
            .Select(i => System.IO.Path.GetDirectoryName(directory.MediaFile($"01J{i:00000}")))
            .Distinct()
            .ToList();
        folders.Should().HaveCountGreaterThan(240).And.HaveCountLessThanOrEqualTo(256).And.NotContain(folder => Directory.Exists(folder));
        directory.MakeMediaFolder("01J00000");
        directory.MakeMediaFolder("01J00000");
        Directory.GetDirectories(directory.MediaPath).Should().Equal(System.IO.Path.GetDirectoryName(directory.MediaFile("01J00000")));
        Directory.Delete(directory.MediaPath, recursive: true);
        Directory.CreateDirectory(directory.MediaPath);
        directory.MakeMediaFolder("01J00000");
        Directory.GetDirectories(directory.MediaPath).Should().ContainSingle("somebody may have deleted it meanwhile");
        directory.MediaFile("x").Should().Be(directory.MediaFile("x"));
        foreach (var id in new[] { "", "..", "../lock", "a/b", "a\\b", "a\0b" })
            directory.Invoking(it => it.MediaFile(id)).Should().Throw<ArgumentException>(id);
    }

    [Fact]
    public void What_an_interrupted_upload_left_is_gone_after_opening()
    {
        using (var directory = DataDirectory.Open(_folder.New("data")))
            File.WriteAllText(System.IO.Path.Combine(directory.TemporaryPath, "left"), "x");
        using var again = DataDirectory.Open(_folder.New("data"));
        Directory.GetFiles(again.TemporaryPath).Should().BeEmpty();
    }

    [Fact]
    public void A_small_file_is_replaced_whole()
    {
        using var directory = DataDirectory.Open(_folder.New("data"));
        var path = directory.File("keys");
        AtomicFile.WriteAllText(path, "a longer first content");
        File.WriteAllText(path + ".new", "left by a crash");
        AtomicFile.WriteAllText(path, "näxt");

        File.ReadAllText(path).Should().Be("näxt");
        File.Exists(path + ".new").Should().BeFalse();
    }
}
