namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Size as stored, and the EXIF orientation, 1–8.</summary>
internal sealed record ImageShape(int Width, int Height, long Frames, int Orientation)
{
    /// <summary>Size of the largest frame. In a GIF it can exceed the image, and the decoder still works through it.</summary>
    public (int Width, int Height) LargestFrame { get; init; } = (Width, Height);

    /// <summary>Bytes per decoded pixel.</summary>
    public int PixelBytes { get; init; } = 4;

    /// <summary>Bytes that a decoder holds until it is done, beside the few rows it works on; 0 when it decodes row by row.</summary>
    public long HeldBytes { get; init; }

    /// <summary>The same when the decoder scales while it reads; null when it cannot.</summary>
    public long? HeldWhenShrunk { get; init; }

    /// <summary>Whether it is decoded completely before anything else is made of it, so that the two are never held at once.</summary>
    public bool IsDecodedFirst { get; init; }

    /// <summary>How it is stored, where that determines the cost of decoding; for messages.</summary>
    public string Stored { get; init; } = "stored in rows";

    /// <summary>What its author can do about it; for messages.</summary>
    public string Remedy { get; init; } = "Post a smaller picture.";

    public long Pixels => (long)Width * Height;

    public bool Turned => Orientation >= 5;
    public int UprightWidth => Turned ? Height : Width;
    public int UprightHeight => Turned ? Width : Height;
}
