namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>JPEG: its segments, up to the end marker of the first image.</summary>
internal static class Jpeg
{
    private const byte Start = 0xD8,
        End = 0xD9,
        Scan = 0xDA,
        App0 = 0xE0,
        App1 = 0xE1,
        App2 = 0xE2,
        App14 = 0xEE,
        Huffman = 0xC4,
        Arithmetic = 0xCC,
        Quantization = 0xDB,
        LineCount = 0xDC,
        RestartInterval = 0xDD;

    private const int JfifBytes = 14,
        AdobeBytes = 12;

    // Ordinary progressive files have about ten. Each costs the decoder a pass over the whole image.
    private const int MostScans = 100;

    /// <summary>From its marker to the end of the segment, without the coded data after a scan's header.</summary>
    private readonly record struct Segment(byte Marker, long Offset, long End)
    {
        public long Payload => Offset + 4;
        public int Size => (int)(End - Payload);
    }

    public static ImageShape Inspect(FileBytes file)
    {
        int width = 0,
            height = 0,
            orientation = 0,
            scans = 0,
            components = 0;
        var progressive = false;
        long coefficients = 0;
        foreach (var segment in Walk(file))
        {
            if (IsFrame(segment.Marker) && width == 0)
            {
                if (segment.Size < 6)
                    throw file.Broken("the header of its picture is too short");
                height = file.U16(segment.Payload + 1);
                width = file.U16(segment.Payload + 3);
                if (width == 0 || height == 0)
                    throw file.Broken($"its picture has {width} × {height} pixels");
                progressive = segment.Marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
                components = segment.Size >= 6 ? file.U8(segment.Payload + 5) : 0;
                coefficients = CountCoefficients(file, segment, width, height, components);
            }
            else if (segment.Marker == Scan && ++scans > MostScans)
                throw file.Broken($"it has more than {MostScans} scans");
            else if (orientation == 0 && IsExif(file, segment))
                orientation = OrientationOf(file, segment);
        }
        if (width == 0 || scans == 0)
            throw file.Broken("it has no picture in it");
        // An image with several scans is held as two-byte coefficients until the last scan is read.
        var scanwise = progressive || scans > 1;
        return new ImageShape(width, height, 1, orientation == 0 ? ExifOrientation.Upright : orientation)
        {
            PixelBytes = Math.Clamp(components, 1, 4),
            HeldBytes = scanwise ? 2 * coefficients : 0,
            Stored = scanwise ? "progressive" : "stored in rows",
            Remedy = scanwise ? "Save it as a baseline JPEG, or smaller." : "Post a smaller picture.",
        };
    }

    /// <summary>Counts whole blocks of 8 × 8, each component at its own sampling.</summary>
    private static long CountCoefficients(FileBytes file, Segment frame, int width, int height, int components)
    {
        if (components is 0 or > 4 || frame.Size < 6 + 3 * components)
            throw file.Broken($"its picture has {components} components");
        var sampling = new (int Across, int Down)[components];
        for (var i = 0; i < components; i++)
        {
            var factors = file.U8(frame.Payload + 7 + 3 * i);
            sampling[i] = (factors >> 4, factors & 15);
            if (sampling[i] is not (>= 1 and <= 4, >= 1 and <= 4))
                throw file.Broken("one of its components is sampled in no way that JPEG knows");
        }
        var (across, down) = (sampling.Max(s => s.Across), sampling.Max(s => s.Down));
        long blocksAcross = (width + 8 * across - 1) / (8 * across),
            blocksDown = (height + 8 * down - 1) / (8 * down);
        return sampling.Sum(s => blocksAcross * s.Across * blocksDown * s.Down * 64);
    }

    /// <param name="file">The file.</param>
    /// <param name="edits">Receives the edits.</param>
    /// <param name="keepOrientation">Whether to keep the orientation; otherwise the image is shown as stored.</param>
    public static void FindMetadata(FileBytes file, FileEdits edits, bool keepOrientation = true)
    {
        long end = 0;
        var exifSeen = false;
        foreach (var segment in Walk(file))
        {
            end = segment.End;
            if (!exifSeen && keepOrientation && IsExif(file, segment))
            {
                exifSeen = true;
                KeepOrientation(file, segment, edits);
            }
            else if (segment.Marker == App0 && segment.Size > JfifBytes && file.StartsWith(segment.Payload, "JFIF\0"u8))
                DropThumbnail(file, segment, edits);
            else if (segment.Marker == App14 && segment.Size > AdobeBytes && file.StartsWith(segment.Payload, "Adobe"u8))
                Shorten(file, segment, AdobeBytes, edits);
            else if (!IsKept(file, segment))
                edits.Remove(segment.Offset, segment.End - segment.Offset);
        }
        // Previews, gain maps and motion photos follow the image, each with its own metadata.
        edits.Remove(end, file.Length - end);
    }

    private static void KeepOrientation(FileBytes file, Segment segment, FileEdits edits)
    {
        var length = segment.End - segment.Offset;
        var orientation = OrientationOf(file, segment);
        var tiff = ExifOrientation.Write(orientation);
        byte[] kept = [0xFF, App1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        if (orientation == ExifOrientation.Upright)
            edits.Remove(segment.Offset, length);
        else if (kept.Length <= length)
            edits.Replace(segment.Offset, length, kept);
    }

    private static void Shorten(FileBytes file, Segment segment, int bytes, FileEdits edits) =>
        edits.Replace(
            segment.Offset,
            segment.End - segment.Offset,
            [0xFF, segment.Marker, 0, (byte)(2 + bytes), .. file.Read(segment.Payload, bytes)]
        );

    private static void DropThumbnail(FileBytes file, Segment segment, FileEdits edits) =>
        edits.Replace(
            segment.Offset,
            segment.End - segment.Offset,
            [0xFF, App0, 0, 2 + JfifBytes, .. file.Read(segment.Payload, JfifBytes - 2), 0, 0]
        );

    // Keep what a decoder needs for the right colours: of the APPn segments JFIF, an ICC profile and Adobe's transform.
    private static bool IsKept(FileBytes file, Segment segment) =>
        segment.Marker switch
        {
            App0 => file.StartsWith(segment.Payload, "JFIF\0"u8),
            App2 => file.StartsWith(segment.Payload, "ICC_PROFILE\0"u8),
            App14 => segment.Size == AdobeBytes && file.StartsWith(segment.Payload, "Adobe"u8),
            LineCount or RestartInterval => segment.Size == 2,
            // Start, end and restarts; frames, tables and scans. Nothing else affects the image.
            Start or End or 0x01 or (>= 0xD0 and <= 0xD7) => true,
            Scan or Quantization or Huffman or Arithmetic => true,
            _ => IsFrame(segment.Marker),
        };

    private static bool IsExif(FileBytes file, Segment segment) =>
        segment.Marker == App1 && segment.Size >= 6 && file.StartsWith(segment.Payload, "Exif\0"u8);

    private static int OrientationOf(FileBytes file, Segment segment) =>
        ExifOrientation.Read(file.Read(segment.Payload + 6, segment.Size - 6));

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static IEnumerable<Segment> Walk(FileBytes file)
    {
        long at = 0;
        while (true)
        {
            if (file.U8(at) != 0xFF)
                throw file.Broken($"there is no marker at byte {at}");
            var marker = file.U8(at + 1);
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is Start or End or (>= 0xD0 and <= 0xD7) or 0x01)
            {
                yield return new Segment(marker, at, at + 2);
                if (marker == End)
                    yield break;
                at += 2;
                continue;
            }
            var size = file.U16(at + 2);
            if (size < 2 || marker == 0)
                throw file.Broken($"the segment at byte {at} is not one");
            var segment = new Segment(marker, at, at + 2 + size);
            if (segment.End > file.Length)
                throw file.CutOff();
            yield return segment;
            at = marker == Scan ? SkipScan(file, segment.End) : segment.End;
        }
    }

    /// <summary>The first marker after coded data: FF followed by neither a stuffed zero nor a restart.</summary>
    private static long SkipScan(FileBytes file, long at)
    {
        while (true)
        {
            var window = file.ReadOn(at, atLeast: 2);
            if (window.Length < 2)
                throw file.CutOff();
            var found = window[..^1].IndexOf((byte)0xFF);
            if (found < 0)
            {
                at += window.Length - 1;
                continue;
            }
            var next = window[found + 1];
            if (next is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return at + found;
            at += next == 0xFF ? found + 1 : found + 2;
        }
    }
}
