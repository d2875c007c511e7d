using System.IO.Hashing;
using System.Security.Cryptography;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Tests.Storage;

public sealed class IncomingFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataDirectory _directory;

    public IncomingFileTests() => _directory = DataDirectory.Open(_folder.New("data"));

    public void Dispose()
    {
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_received_file_comes_to_its_place_with_the_hash_of_its_bytes()
    {
        var bytes = RandomNumberGenerator.GetBytes(700_001);
        _directory.MakeMediaFolder("story");
        var place = _directory.MediaFile("story");
        await using (var incoming = IncomingFile.Create(_directory))
        {
            foreach (var part in bytes.Chunk(65_536))
                await incoming.WriteAsync(part);
            var finished = await incoming.FinishAsync(place);
            finished.Should().BeEquivalentTo(new FinishedFile(place, bytes.Length, SHA256.HashData(bytes)));
        }
        (await File.ReadAllBytesAsync(place)).Should().Equal(bytes);
        Directory.GetFiles(_directory.TemporaryPath).Should().BeEmpty();
    }

    [Fact]
    public async Task A_rewritten_file_keeps_the_checksum_of_what_was_received_and_gets_the_hash_of_what_lies_there()
    {
        var received = RandomNumberGenerator.GetBytes(500_000);
        _directory.MakeMediaFolder("story");
        var place = _directory.MediaFile("story");
        await using var incoming = IncomingFile.Create(_directory);
        await incoming.WriteAsync(received);
        var head = new byte[10];
        incoming.Read(head, 0).Should().Be(10);
        RandomAccess.Write(incoming.Handle, new byte[20], 5);
        RandomAccess.SetLength(incoming.Handle, 400_000);
        incoming.NoteRewritten(400_000);
        var finished = await incoming.FinishAsync(place);

        byte[] expected = [.. received[..5], .. new byte[20], .. received[25..400_000]];
        head.Should().Equal(received[..10]);
        (await File.ReadAllBytesAsync(place)).Should().Equal(expected);
        finished.Should().BeEquivalentTo(new FinishedFile(place, 400_000, SHA256.HashData(expected)));
        incoming.ReceivedChecksum.Should().Equal(XxHash128.Hash(received));
    }

    [Fact]
    public async Task A_file_that_is_not_finished_leaves_nothing()
    {
        await using (var incoming = IncomingFile.Create(_directory))
        {
            await incoming.WriteAsync(new byte[100]);
            File.Exists(incoming.Path).Should().BeTrue();
        }
        Directory
            .GetFiles(_directory.Path, "*", SearchOption.AllDirectories)
            .Select(System.IO.Path.GetFileName)
            .Should()
            .BeEquivalentTo("lock");
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_leaves_nothing_either()
    {
        await using (var incoming = IncomingFile.Create(_directory))
        {
            await incoming.WriteAsync(new byte[100]);
            await incoming
                .Invoking(it => it.FinishAsync(System.IO.Path.Combine(_directory.Path, "missing", "file")))
                .Should()
                .ThrowAsync<IOException>();
        }
        Directory.GetFiles(_directory.TemporaryPath).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_more_is_received_after_a_rewrite()
    {
        await using var incoming = IncomingFile.Create(_directory);
        await incoming.WriteAsync(new byte[10]);
        incoming.NoteRewritten(10);
        await incoming.Invoking(it => it.WriteAsync(new byte[1]).AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }
}
