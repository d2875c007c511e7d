using System.Diagnostics;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

/// <summary>What people read of files that cannot be used, and of commands to copy.</summary>
public sealed class FaultWordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-words-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_fault_of_a_file_is_told_without_the_words_of_the_framework()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");

        Described(() => File.ReadAllText(Path.Combine(_folder, "none"))).Should().Be($"{_folder}/none: no such file or directory");
        Described(() => File.ReadAllText(Path.Combine(_folder, "none", "x")))
            .Should()
            .Be($"{_folder}/none/x: there is no directory {_folder}/none");
        Described(() => File.ReadAllText(_folder)).Should().Be($"{_folder}: it is a directory");
        Described(() => File.ReadAllText(Path.Combine(file, "x"))).Should().Be($"{file}/x: {file} is a file");
        Described(() => new FileStream(file, FileMode.CreateNew).Dispose()).Should().Be($"{file}: it exists already");
        Described(() => File.ReadAllText(Path.Combine(_folder, new string('n', 300))))
            .Should()
            .EndWith(": its path, or a name in it, is too long");
        Described(() => File.WriteAllText("/dev/full", "x")).Should().Be("/dev/full: the disk is full");
    }

    [Fact]
    public void A_sentence_of_ours_stays_as_it_is_and_loses_the_one_of_the_framework_at_its_end()
    {
        FileFault.Describe(new IOException("'x' exists already. Name a new file.")).Should().Be("'x' exists already. Name a new file.");
        FileFault.Describe(FileSizeSignal.Explain()).Should().Be(FileSizeSignal.Explain().Message);
        var cause = Thrown(() => File.ReadAllText(Path.Combine(_folder, "none")));

        FileFault
            .Describe(new InvalidDataException($"The directory cannot be used: {cause.Message}", cause))
            .Should()
            .Be($"The directory cannot be used: {_folder}/none: no such file or directory");
        FileFault.Reason(cause).Should().Be("no such file or directory");
    }

    [Theory]
    [InlineData("plain-1.2_3/x")]
    [InlineData("")]
    [InlineData("Ana's data")]
    [InlineData("$HOME `id` \"x\" \\ * ? ; & | < > ( ) # ~ !")]
    [InlineData("http://[::1]:7867")]
    [InlineData("two\nlines")]
    public async Task A_word_of_a_command_reaches_the_program_as_it_was(string word)
    {
        var run = await CommandRun.OfAsync(new ProcessStartInfo("sh", ["-c", $"printf %s {ShellWord.Of(word)}"]));

        run.Succeeded().Out.Should().Be(word);
    }

    [Fact]
    public void A_plain_word_is_not_quoted() => ShellWord.Of("/var/lib/stories/owner-invite").Should().Be("/var/lib/stories/owner-invite");

    private static string Described(Action use) => FileFault.Describe(Thrown(use));

    private static Exception Thrown(Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
        throw new InvalidOperationException("it could be used");
    }
}
