using System.Buffers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Receives a body into a temporary file, within the limits of its detected type.</summary>
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

    /// <summary>Largest limit of all kinds, for checks before the kind is known.</summary>
    public long MaximumBytes => limits.LargestBytes;

    /// <summary>Largest image, in bytes.</summary>
    public long PictureBytes => limits.ImageBytes;

    /// <param name="body">Body, read to its end.</param>
    /// <param name="length">Length of the body if known, so that one that is too large is refused before it is sent.</param>
    /// <param name="text">Receives the bytes of a text, which is not stored as a file. Null to refuse text.</param>
    /// <param name="cover">Called with the number of bytes so far; throws when they exceed the quota.</param>
    /// <param name="cancel">Cancels the upload and leaves nothing behind.</param>
    /// <returns>Null when the body is text.</returns>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, <c>invalid_request</c> for an empty body, and what <paramref name="cover"/> throws.</exception>
    public Task<IncomingFile?> ReceiveAsync(Stream body, long? length, LogTail? text, Action<long> cover, CancellationToken cancel) =>
        ReceiveAsync(body, length, text, onlyPictures: false, cover, cancel);

    /// <summary>Receives one of two images to compare.</summary>
    /// <param name="part">Name of the image in the form. Error messages begin with it.</param>
    /// <param name="body">Body, read to its end.</param>
    /// <param name="cover">Called with the number of its bytes so far; throws when they exceed the quota.</param>
    /// <param name="cancel">Cancels the upload and leaves nothing behind.</param>
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

    /// <summary>Detects what the file is, and removes metadata that could reveal more than the author intended.</summary>
    /// <param name="file">The received file.</param>
    /// <param name="keepSubtitles">Whether a video keeps its text tracks.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>.</exception>
    public Task<MediaFacts> InspectAsync(IncomingFile file, bool keepSubtitles, CancellationToken cancel) =>
        InspectAsync(file, onlyStill: false, keepSubtitles, cancel);

    /// <summary>Detects what one of two images to compare is. It must not be animated.</summary>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, both beginning with its name in the form.</exception>
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
            // Before the decoder sees the file: it would unpack compressed texts, whose size no header states.
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
        catch (ApiProblem problem) when (problem.Error == Errors.MediaTypeRefused || problem.Error == Errors.TooLarge)
        {
            throw new ApiProblem(problem.Error, $"{part}: {problem.Message}");
        }
        catch (ApiProblem problem) when (problem.Fields?.ContainsKey("body") == true)
        {
            throw ApiProblem.Invalid(part, string.Join(", ", problem.Fields["body"]));
        }
    }

    /// <summary>Without a decoder, our own parsing must be enough: images are accepted, only posters are missing.</summary>
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

    /// <summary>A raw body of text that nobody declared as text is often a mistake, such as an error page instead of an image.</summary>
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
