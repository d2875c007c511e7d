using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Steps of the server on a received file, in one call each.</summary>
internal static class Inspecting
{
    public static MediaFacts Inspect(string path, MediaLimits? limits = null)
    {
        using var file = File.OpenHandle(path);
        return MediaInspector.Inspect(file, RandomAccess.GetLength(file), limits ?? new MediaLimits());
    }

    public static (long Bytes, bool Changed) RemoveMetadata(string path)
    {
        var facts = Inspect(path);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        return MediaInspector.RemoveMetadata(file, RandomAccess.GetLength(file), facts);
    }

    /// <summary>Facts, or null when the bytes are refused with one of the two intended exceptions.</summary>
    public static MediaFacts? TryInspect(string path)
    {
        try
        {
            return Inspect(path);
        }
        catch (Exception e) when (e is MediaRefusedException or MediaTooLargeException)
        {
            return null;
        }
    }
}
