using System.Text;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Client.Tests.Media;

public class MediaKindTests
{
    [Theory]
    [InlineData("GIF89a", StoryKinds.Image)]
    [InlineData("RIFF\0\0\0\0WEBPVP8 ", StoryKinds.Image)]
    [InlineData("RIFF\0\0\0\0WAVEfmt ", StoryKinds.Audio)]
    [InlineData("RIFF\0\0\0\0AVI LIST", null)]
    [InlineData("OggS\0\u0002", StoryKinds.Audio)]
    [InlineData("ID3\u0003", StoryKinds.Audio)]
    [InlineData("\0\0\0\u0018ftypM4A \0\0\0\0M4A isom", StoryKinds.Audio)]
    [InlineData("\0\0\0\u0018ftypqt  \0\0\0\0qt  qt  ", StoryKinds.Video)]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", StoryKinds.Image)]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1avifmiaf", StoryKinds.Image)]
    [InlineData("{\"version\": 2, \"width\": 80}\n[0.1,\"o\",\"x\"]", StoryKinds.Recording)]
    [InlineData("{\"term\":{\"cols\":80},\"version\":3}\n", StoryKinds.Recording)]
    [InlineData("{\"version\": 1}\n", StoryKinds.Text)]
    [InlineData("{ not json", StoryKinds.Text)]
    [InlineData("Hello\n", StoryKinds.Text)]
    [InlineData("\u001b[31mred\u001b[0m\n", StoryKinds.Text)]
    [InlineData("%PDF-1.7\n", null)]
    [InlineData("\u007fELF\u0002\u0001", null)]
    [InlineData("PK\u0003\u0004", null)]
    public void The_first_bytes_tell_the_kind(string head, string? kind) =>
        MediaKind.Guess(Encoding.Latin1.GetBytes(head)).Should().Be(kind);

    [Fact]
    public async Task Real_files_are_known()
    {
        MediaKind.Guess(await TestMedia.JpegAsync()).Should().Be(StoryKinds.Image);
        MediaKind.Guess(await TestMedia.Mp4Async()).Should().Be(StoryKinds.Video);
    }

    [Fact]
    public void A_character_cut_off_at_the_end_of_the_head_is_still_text()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', MediaKind.HeadBytes - 1) + "€");

        MediaKind.Guess(text.AsSpan(0, MediaKind.HeadBytes)).Should().Be(StoryKinds.Text);
        MediaKind.Guess([(byte)'x', 0xe2]).Should().BeNull("there nothing follows");
    }
}
