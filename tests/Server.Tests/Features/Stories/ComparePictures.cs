using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>Two images with a known difference: a white page, and one with a blue button on it.</summary>
internal static class ComparePictures
{
    public const int Width = 100,
        Height = 50;

    // The button covers 40 × 20 of 100 × 50 pixels.
    public const double ChangedShare = 0.16;

    public static bool IsChanged(int x, int y) => x < 40 && y < 20;

    public static Task<byte[]> BeforeAsync() => TestMedia.PngAsync(Width, Height, (_, _) => 0xFFFFFFFF);

    public static Task<byte[]> AfterAsync() => TestMedia.PngAsync(Width, Height, (x, y) => IsChanged(x, y) ? 0x2040A0FF : 0xFFFFFFFF);

    /// <summary>Posts both in a form, with the fields between the files.</summary>
    public static Task<WireAnswer> PostAsync(Wire wire, byte[] before, byte[] after, params (string Name, string Value)[] fields) =>
        PostFormAsync(wire, [("after", after), ("before", before)], [("compare", "true"), .. fields]);

    public static async Task<WireAnswer> PostFormAsync(
        Wire wire,
        (string Part, byte[] Bytes)[] files,
        (string Name, string Value)[] fields,
        params (string Name, string Value)[] headers
    )
    {
        using var form = new MultipartFormDataContent();
        foreach (var (part, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), part, part == "before" ? "old.png" : "new.png");
            foreach (var (name, value) in part == files[0].Part ? fields : [])
            {
                form.Add(new StringContent(value), name);
            }
        }
        foreach (var (name, value) in files.Length == 0 ? fields : [])
        {
            form.Add(new StringContent(value), name);
        }
        return await wire.SendAsync(HttpMethod.Post, "/v1/stories", form, headers);
    }
}
