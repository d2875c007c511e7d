using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>WAV: the chunks of a RIFF form.</summary>
internal static class Wav
{
    private const int MaximumChunks = 200_000;
    private const uint UnknownSize = uint.MaxValue;
    private const ushort Pcm = 1,
        Floats = 3;
    private const int PlainBytes = 16,
        LengthBytes = 18,
        MaximumFormatBytes = 1024,
        SamplesBytes = 4;

    private readonly record struct Chunk(string Type, long Offset, long Size)
    {
        public long Payload => Offset + 8;
    }

    public static MediaFacts Inspect(FileBytes file)
    {
        uint bytesPerSecond = 0,
            rate = 0,
            samples = 0;
        long sound = 0;
        var isPlain = true;
        foreach (var chunk in Walk(file))
        {
            if (chunk.Type == "fmt " && bytesPerSecond == 0)
            {
                if (chunk.Size < PlainBytes)
                    throw file.Broken("its format is too short");
                isPlain = file.U16Little(chunk.Payload) is Pcm or Floats;
                bytesPerSecond = BytesPerSecond(file, chunk.Payload, isPlain);
                rate = file.U32Little(chunk.Payload + 4);
                if (bytesPerSecond == 0 || rate == 0)
                    throw file.Broken("its format says that it has no sound");
            }
            // Only for compressed sound, whose byte rate is an average.
            if (chunk.Type == "fact" && chunk.Size >= 4 && !isPlain && samples == 0)
                samples = file.U32Little(chunk.Payload);
            if (chunk.Type == "data")
                sound += chunk.Size;
        }
        if (bytesPerSecond == 0)
            throw file.Broken("it does not say its format");
        if (sound == 0)
            throw file.Broken("it has no sound in it");
        return new MediaFacts(
            StoryKinds.Audio,
            MediaTypes.Wav,
            DurationMs: samples > 0 ? samples * 1000L / rate : sound * 1000 / bytesPerSecond
        );
    }

    /// <summary>Keeps the sound, its format and its number of samples. Titles, positions, marks and recorders' notes become padding.</summary>
    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        var end = 12L;
        var seen = new HashSet<string>();
        foreach (var chunk in Walk(file))
        {
            end = Math.Min(chunk.Payload + chunk.Size + (chunk.Size & 1), file.Length);
            if (chunk.Type == "data")
                continue;
            var used = seen.Add(chunk.Type) ? CountUsed(file, chunk) : 0;
            if (used == 0)
                edits.Overwrite(chunk.Offset, [.. "JUNK"u8]);
            edits.Zero(chunk.Payload + Math.Min(used, chunk.Size), chunk.Payload + chunk.Size);
        }
        // Tags of other formats follow the form.
        edits.Cut(end);
    }

    /// <summary>Bytes of a format chunk that are used: as many as it states, and for plain sound only the fixed fields.</summary>
    private static long CountUsed(FileBytes file, Chunk chunk) =>
        chunk.Type switch
        {
            "fact" => SamplesBytes,
            "fmt " when chunk.Size < LengthBytes || file.U16Little(chunk.Payload) is Pcm or Floats => PlainBytes,
            "fmt " => Math.Min(LengthBytes + file.U16Little(chunk.Payload + PlainBytes), MaximumFormatBytes),
            _ => 0,
        };

    private static uint BytesPerSecond(FileBytes file, long format, bool isPlain) =>
        isPlain
            ? (uint)Math.Min((ulong)file.U32Little(format + 4) * file.U16Little(format + 12), uint.MaxValue)
            : file.U32Little(format + 8);

    // A recorder that writes to a pipe cannot go back to write the sizes of form and sound.
    private static IEnumerable<Chunk> Walk(FileBytes file)
    {
        var stated = file.U32Little(4);
        var end = stated is 0 or UnknownSize ? file.Length : 8 + (long)stated;
        if (end > file.Length)
            throw file.CutOff();
        long at = 12;
        for (var seen = 0; end - at >= 8; seen++)
        {
            if (seen == MaximumChunks)
                throw file.Broken($"it has more than {MaximumChunks} chunks");
            var chunk = new Chunk(file.FourCc(at), at, file.U32Little(at + 4));
            if (chunk.Type == "data" && (chunk.Size == UnknownSize || (chunk.Size == 0 && stated is 0 or UnknownSize)))
                chunk = chunk with { Size = end - chunk.Payload };
            if (chunk.Size > end - chunk.Payload)
                throw file.CutOff();
            yield return chunk;
            at = chunk.Payload + chunk.Size + (chunk.Size & 1);
        }
        // Bytes after the form are not sound.
    }
}
