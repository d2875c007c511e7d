using System.Buffers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Takes a body in as a temporary file, within the limits of what it proves to be.</summary>
internal sealed class MediaReceiver(
    DataDirectory directory,
    MediaLimits limits,
    ImageCheck images,
    HeicConverter heic,
    ILogger<MediaReceiver> log
)
{
    private const int BufferBytes = 256 * 1024;
    private const string OnlyPictures = "a before/after story compares two still pictures, JPEG, PNG, GIF, WebP or AVIF";

    /// <summary>The most that any kind of media may have, for limits that act before the kind is known.</summary>
    public long MaximumBytes => new[] { limits.ImageBytes, limits.VideoBytes, limits.AudioBytes, limits.RecordingBytes }.Max();

    /// <summary>The most that a picture may have.</summary>
    public long PictureBytes => limits.ImageBytes;

    /// <param name="body">Read to its end.</param>
    /// <param name="length">Its length if that is known, so that what is too large is refused before it is sent.</param>
    /// <param name="text">Gets the bytes of a text, of which no file is made. Null where a text is refused.</param>
    /// <param name="cover">Told how many bytes there are; throws when they are too many for the quota.</param>
    /// <param name="cancel">Ends it; nothing is left.</param>
    /// <returns>Null when it is a text.</returns>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, <c>invalid_request</c> for an empty body, and what <paramref name="cover"/> throws.</exception>
    public Task<IncomingFile?> ReceiveAsync(Stream body, long? length, LogTail? text, Action<long> cover, CancellationToken cancel) =>
        ReceiveAsync(body, length, text, onlyPictures: false, cover, cancel);

    /// <summary>One of two pictures to be compared.</summary>
    /// <param name="part">What the form calls it; refusals begin with that.</param>
    /// <param name="body">Read to its end.</param>
    /// <param name="cover">Told how many bytes there are of it; throws when they are too many for the quota.</param>
    /// <param name="cancel">Ends it; nothing is left.</param>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, <c>invalid_request</c> for an empty file, and what <paramref name="cover"/> throws.</exception>
    public Task<IncomingFile> ReceivePictureAsync(string part, Stream body, Action<long> cover, CancellationToken cancel) =>
        InPartAsync(
            part,
            async () => (await ReceiveAsync(body, length: null, text: null, onlyPictures: true, cover, cancel).ConfigureAwait(false))!
        );

    private async Task<IncomingFile?> ReceiveAsync(
        Stream body,
        long? length,
        LogTail? text,
        bool onlyPictures,
        Action<long> cover,
        CancellationToken cancel
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        IncomingFile? file = null;
        try
        {
            var filled = await body.ReadAtLeastAsync(buffer, MediaInspector.GuessBytes, throwOnEndOfStream: false, cancel)
                .ConfigureAwait(false);
            if (filled == 0)
            {
                throw ApiProblem.Invalid("body", "is empty");
            }
            var kind = GuessKind(buffer.AsSpan(0, Math.Min(filled, MediaInspector.GuessBytes)));
            if (onlyPictures && kind != StoryKinds.Image)
            {
                throw new ApiProblem(Errors.MediaTypeRefused, $"The file is {kind}, and {OnlyPictures}.");
            }
            if (kind == StoryKinds.Text)
            {
                await ReadTextAsync(body, buffer, filled, text ?? throw TextRefused(), cancel).ConfigureAwait(false);
                return null;
            }
            CheckBytes(kind, Math.Max(length ?? 0, filled));
            file = IncomingFile.Create(directory);
            for (; filled > 0; filled = await body.ReadAsync(buffer, cancel).ConfigureAwait(false))
            {
                CheckBytes(kind, file.Bytes + filled);
                cover(Math.Max(length ?? 0, file.Bytes + filled));
                await file.WriteAsync(buffer.AsMemory(0, filled), cancel).ConfigureAwait(false);
            }
            return file;
        }
        catch
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A log may be as long as any file; only its end is kept.</summary>
    private async Task ReadTextAsync(Stream body, byte[] buffer, int filled, LogTail text, CancellationToken cancel)
    {
        for (; filled > 0; filled = await body.ReadAsync(buffer, cancel).ConfigureAwait(false))
        {
            text.Add(buffer.AsSpan(0, filled));
            if (text.Bytes > MaximumBytes)
            {
                throw new ApiProblem(
                    Errors.TooLarge,
                    $"this text has {text.Bytes:N0} bytes or more, and of the longest log at most {MaximumBytes:N0} are read"
                );
            }
        }
    }

    /// <summary>What the file is. Metadata that could tell more than its author meant are taken out of it.</summary>
    /// <param name="file">As received.</param>
    /// <param name="keepSubtitles">Whether a video keeps its tracks of text.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>.</exception>
    public Task<MediaFacts> InspectAsync(IncomingFile file, bool keepSubtitles, CancellationToken cancel) =>
        InspectAsync(file, onlyStill: false, keepSubtitles, cancel);

    /// <summary>What one of two pictures to be compared is. It may not move.</summary>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, both beginning with what the form calls it.</exception>
    public Task<MediaFacts> InspectPictureAsync(string part, IncomingFile file, CancellationToken cancel) =>
        InPartAsync(part, () => InspectAsync(file, onlyStill: true, keepSubtitles: false, cancel));

    private async Task<MediaFacts> InspectAsync(IncomingFile file, bool onlyStill, bool keepSubtitles, CancellationToken cancel)
    {
        try
        {
            var converted = HeicConverter.IsHeic(file);
            if (converted)
                await heic.ConvertAsync(file, cancel).ConfigureAwait(false);
            var facts = MediaInspector.Inspect(file.Handle, file.Bytes, limits) with { ConvertedFrom = converted ? MediaTypes.Heic : null };
            if (facts.Kind == StoryKinds.Text)
            {
                throw TextRefused();
            }
            if (onlyStill && facts.Frames > 1)
            {
                throw new MediaRefusedException($"The file is an animation of {facts.Frames:N0} frames, and {OnlyPictures}.");
            }
            // Before the decoder sees the file: it would unpack compressed texts, which no header tells the size of.
            if (MediaInspector.RemoveMetadata(file.Handle, file.Bytes, facts, keepSubtitles) is { Changed: true } cleaned)
            {
                file.NoteRewritten(cleaned.Bytes);
            }
            await ConfirmAsync(file, facts, cancel).ConfigureAwait(false);
            return facts;
        }
        catch (MediaRefusedException e)
        {
            throw new ApiProblem(Errors.MediaTypeRefused, e.Message);
        }
        catch (MediaTooLargeException e)
        {
            throw new ApiProblem(Errors.TooLarge, e.Message);
        }
    }

    private static async Task<T> InPartAsync<T>(string part, Func<Task<T>> take)
    {
        try
        {
            return await take().ConfigureAwait(false);
        }
        catch (ApiProblem failure) when (failure.Error == Errors.MediaTypeRefused || failure.Error == Errors.TooLarge)
        {
            throw new ApiProblem(failure.Error, $"{part}: {failure.Message}");
        }
        catch (ApiProblem failure) when (failure.Fields?.ContainsKey("body") == true)
        {
            throw ApiProblem.Invalid(part, string.Join(", ", failure.Fields["body"]));
        }
    }

    /// <summary>Where there is no decoder, our own reading of the file has to do: the host still gets pictures, only no posters.</summary>
    private async Task ConfirmAsync(IncomingFile file, MediaFacts facts, CancellationToken cancel)
    {
        try
        {
            await images.ConfirmAsync(file.Path, facts, cancel).ConfigureAwait(false);
        }
        catch (PosterUnavailableException e)
        {
            Log.NotConfirmed(log, facts.Type, e.Message);
        }
    }

    private string GuessKind(ReadOnlySpan<byte> first) =>
        MediaInspector.Guess(first) switch
        {
            null when HeifBrands.Name(first) == HeifBrands.Heic => heic.Refusal is null
                ? StoryKinds.Image
                : throw new ApiProblem(Errors.MediaTypeRefused, $"The file is {HeifBrands.Heic}. {heic.Refusal}"),
            null => throw new ApiProblem(Errors.MediaTypeRefused, MediaInspector.Refuse(first).Message),
            { Kind: var kind } => kind,
        };

    /// <summary>Among raw bytes, a text that nobody calls one is more often a mistake: an error page, a picture that was never made.</summary>
    private static ApiProblem TextRefused() =>
        new(
            Errors.MediaTypeRefused,
            "The file is text, and is taken as a text card only where you say so: send it with Content-Type: text/plain, or under a name in .txt, .log or .md "
                + "(curl -T build.log with a URL that ends in \"/v1/stories/\", or ?fileName=build.log), or as the field text of a form or of JSON."
        );

    private void CheckBytes(string kind, long bytes)
    {
        if (bytes > limits.BytesOf(kind))
        {
            throw new ApiProblem(Errors.TooLarge, $"this {kind} has {bytes:N0} bytes or more, and the limit is {limits.BytesOf(kind):N0}");
        }
    }
}
