namespace StoriesCli.Server.Media.Formats;

/// <summary>Dimensions as stored, and the orientation to show them in: 1–8, as EXIF counts them.</summary>
internal readonly record struct ImageShape(int Width, int Height, long Frames, int Orientation)
{
    /// <summary>The largest frame where that is larger than the picture, as a GIF's may be: a decoder works through it all the same.</summary>
    public (int Width, int Height) LargestFrame { get; init; } = (Width, Height);

    public bool Turned => Orientation >= 5;
    public int UprightWidth => Turned ? Height : Width;
    public int UprightHeight => Turned ? Width : Height;
}
