namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Dimensions as stored, and the orientation to show them in: 1–8, as EXIF counts them.</summary>
internal sealed record ImageShape(int Width, int Height, long Frames, int Orientation)
{
    /// <summary>The largest frame where that is larger than the picture, as a GIF's may be: a decoder works through it all the same.</summary>
    public (int Width, int Height) LargestFrame { get; init; } = (Width, Height);

    /// <summary>Bytes that a decoded pixel takes.</summary>
    public int PixelBytes { get; init; } = 4;

    /// <summary>Bytes that a decoder holds until it is done, beside the few rows it works on; 0 for what is decoded row by row.</summary>
    public long HeldBytes { get; init; }

    /// <summary>The same where the decoder scales as it reads; null where it cannot.</summary>
    public long? HeldWhenShrunk { get; init; }

    /// <summary>Whether it is decoded to its end before anything else is made of it, so that the two are never held at once.</summary>
    public bool IsDecodedFirst { get; init; }

    /// <summary>How it is stored, where that decides what decoding takes; for messages.</summary>
    public string Stored { get; init; } = "stored in rows";

    /// <summary>What its author can do about it; for messages.</summary>
    public string Remedy { get; init; } = "Post a smaller picture.";

    public long Pixels => (long)Width * Height;

    public bool Turned => Orientation >= 5;
    public int UprightWidth => Turned ? Height : Width;
    public int UprightHeight => Turned ? Width : Height;
}
