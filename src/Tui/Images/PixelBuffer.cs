using StbImageSharp;

namespace StoriesCli.Tui.Images;

/// <summary>Width and height, in whatever unit the place says.</summary>
internal readonly record struct Box(int Width, int Height);

/// <summary>A picture as red, green and blue bytes, row by row. Immutable.</summary>
internal sealed record PixelBuffer(int Width, int Height, byte[] Rgb)
{
    public Box Size => new(Width, Height);

    /// <exception cref="InvalidDataException">The bytes are no JPEG, PNG, GIF or BMP.</exception>
    public static PixelBuffer Decode(byte[] file)
    {
        try
        {
            var image = ImageResult.FromMemory(file, ColorComponents.RedGreenBlue);
            return new(image.Width, image.Height, image.Data);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder throws whatever it stumbles over, down to IndexOutOfRangeException.
            throw new InvalidDataException("The picture's bytes cannot be decoded.", e);
        }
    }

    /// <summary>Half of this and half of another.</summary>
    /// <exception cref="InvalidDataException">They are not of one size.</exception>
    public PixelBuffer Blend(PixelBuffer other)
    {
        if (other.Size != Size)
        {
            throw new InvalidDataException("The two pictures are not of one size.");
        }
        var pixels = new byte[Rgb.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((Rgb[i] + other.Rgb[i]) / 2);
        }
        return new(Width, Height, pixels);
    }

    /// <summary>The largest size of this shape inside the box; a small picture is enlarged, so that it can be seen.</summary>
    public Box Fit(Box box)
    {
        var scale = Math.Min((double)box.Width / Width, (double)box.Height / Height);
        return new(Math.Max(1, (int)Math.Round(Width * scale)), Math.Max(1, (int)Math.Round(Height * scale)));
    }

    /// <summary>Each new pixel is the mean of those it covers.</summary>
    public PixelBuffer Resize(Box size)
    {
        var pixels = new byte[size.Width * size.Height * 3];
        for (var y = 0; y < size.Height; y++)
        {
            var top = (int)((long)y * Height / size.Height);
            var bottom = Math.Max(top + 1, (int)((long)(y + 1) * Height / size.Height));
            for (var x = 0; x < size.Width; x++)
            {
                var left = (int)((long)x * Width / size.Width);
                var right = Math.Max(left + 1, (int)((long)(x + 1) * Width / size.Width));
                Average(left, top, right, bottom, pixels.AsSpan((y * size.Width + x) * 3, 3));
            }
        }
        return new(size.Width, size.Height, pixels);
    }

    private void Average(int left, int top, int right, int bottom, Span<byte> pixel)
    {
        long red = 0,
            green = 0,
            blue = 0;
        for (var y = top; y < bottom; y++)
        {
            var row = Rgb.AsSpan((y * Width + left) * 3, (right - left) * 3);
            for (var i = 0; i < row.Length; i += 3)
            {
                red += row[i];
                green += row[i + 1];
                blue += row[i + 2];
            }
        }
        long count = (right - left) * (bottom - top);
        pixel[0] = (byte)(red / count);
        pixel[1] = (byte)(green / count);
        pixel[2] = (byte)(blue / count);
    }
}
