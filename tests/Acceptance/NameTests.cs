namespace StoriesCli.Acceptance;

/// <summary>Files whose names are not UTF-8, as older systems and archives leave them.</summary>
public sealed class NameTests
{
    [Fact]
    public async Task A_file_whose_name_is_not_UTF_8_can_be_posted()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        File.Copy(Published.Sample("photo.jpg"), Path.Combine(ana.Home, "photo.jpg"));
        // No program of .NET can make such a name.
        await File.WriteAllTextAsync(
            Path.Combine(ana.Home, "names.sh"),
            """
            set -e
            cp photo.jpg $'\xff.jpg'
            printf 'second\n' > $'\xfe.txt'
            stories post $'\xff.jpg' $'\xfe.txt' --json
            mkdir $'dir\xff' && cp photo.jpg $'dir\xff/inner.jpg'
            stories post $'dir\xff/inner.jpg' --json
            """
        );

        var run = await ana.RunAsync("bash", ["names.sh"]);
        // Nor remove a folder of such a name.
        (await ana.RunAsync("bash", ["-c", "rm -rf dir* *.jpg *.txt"])).Succeeded();

        run.Succeeded()
            .Out.Should()
            .Contain("\"kind\":\"image\"")
            .And.Contain("\"kind\":\"text\"")
            .And.Contain("inner.jpg")
            .And.Contain("\uFFFD.jpg");
    }
}
