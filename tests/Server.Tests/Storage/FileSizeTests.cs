using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Tests.Storage;

[Collection("alone")]
public sealed class FileSizeTests
{
    [Fact]
    public async Task A_file_that_grows_beyond_what_the_process_may_write_is_a_disk_that_takes_no_more()
    {
        using var folder = new TemporaryFolder();
        using var directory = DataDirectory.Open(folder.Path);
        await using var file = IncomingFile.Create(directory);
        using var limit = new FileSizeLimit(64 * 1024);

        var write = async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await file.WriteAsync(new byte[40 * 1024]);
            }
        };

        (await write.Should().ThrowAsync<IOException>().WithMessage("*ulimit -f*")).Which.HResult.Should().Be(28, "that is ENOSPC");
    }
}
