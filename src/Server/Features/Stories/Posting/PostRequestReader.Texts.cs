using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A form file that is text.</summary>
/// <param name="Text">End of the text.</param>
/// <param name="Name">File name in the form.</param>
internal sealed record PostedText(LogTail Text, string? Name);

// Texts in the forms that newcomers send: a log by curl -T, a field by curl -d, a file of a form.
internal sealed partial class PostRequestReader
{
    // Bytes of a field name in application/x-www-form-urlencoded.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."u8);

    // Bytes of one encoded field: every byte may take three.
    private const int EncodedFieldBytes = 3 * Limits.FieldBytesTogether;

    private static bool HasType(string? contentType, string type) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed) && parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the sender declares it as text. The bytes decide all the same: an image under such a name is an image.</summary>
    private static bool IsCalledText(string? contentType, string? fileName) =>
        HasType(contentType, MediaTypes.Text) || LogTail.IsNameOfText(fileName);

    /// <summary>Last segment of the URL, in which curl -T puts the file name.</summary>
    private static string? NameInPath(HttpRequest request) => request.RouteValues["id"] as string;

    /// <summary>Refuses a story's id as file name: a caller who means that story must not post another one.</summary>
    private static void RefuseId(HttpRequest request)
    {
        if (NameInPath(request) is not { } name || (!JsonBody.Is(request) && !Names.Id.IsMatch(name)))
        {
            return;
        }
        request.HttpContext.Response.Headers.Allow = "GET, HEAD, PATCH, DELETE";
        throw new ApiProblem(
            Errors.MethodNotAllowed,
            "PUT posts a new file here, whose name ends the address; a story is changed by PATCH, and JSON is posted to /v1/stories"
        );
    }

    /// <summary>curl -d declares this type for everything, also for an image. So the body is a form only if it begins like a field.</summary>
    private async Task<PostedStory> ReceiveFieldsOrRawAsync(
        HttpRequest request,
        Action<long> cover,
        Action<NewStory, ValidationErrors> check
    )
    {
        AllowBody(request, media.MaximumBytes);
        var cancel = request.HttpContext.RequestAborted;
        var begun = await request.BodyReader.ReadAtLeastAsync(MediaInspector.GuessBytes, cancel).ConfigureAwait(false);
        var isForm = BeginsLikeField(begun.Buffer);
        request.BodyReader.AdvanceTo(begun.Buffer.Start);
        if (!isForm || LogTail.IsNameOfText(request.Query["fileName"]) || LogTail.IsNameOfText(NameInPath(request)))
        {
            return await ReceiveRawAsync(request, cover, check).ConfigureAwait(false);
        }
        var fields = new StoryFields();
        fields.AddQuery(request.Query);
        await ReadFieldsAsync(request.BodyReader, fields, cancel).ConfigureAwait(false);
        var story = fields.ToStory(fileName: null);
        RefuseCompare(story, fields.Faults);
        return await WriteCardAsync(story, fields.Faults, cover, check, cancel).ConfigureAwait(false);
    }

    private static bool BeginsLikeField(ReadOnlySequence<byte> begun)
    {
        var head = begun.Slice(0, Math.Min(begun.Length, 32)).ToArray();
        var end = head.AsSpan().IndexOfAnyExcept(NameBytes);
        return end > 0 && head[end] == '=';
    }

    /// <summary>Reads the fields one by one, so that too many of them end the request at once.</summary>
    private static async Task ReadFieldsAsync(PipeReader body, StoryFields fields, CancellationToken cancel)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancel).ConfigureAwait(false);
            var rest = read.Buffer;
            try
            {
                while (rest.PositionOf((byte)'&') is { } end)
                {
                    AddField(fields, rest.Slice(0, end));
                    rest = rest.Slice(rest.GetPosition(1, end));
                }
                if (rest.Length > EncodedFieldBytes)
                {
                    throw ApiProblem.Invalid(
                        "body",
                        $"a field has at most {Limits.FieldBytesTogether:N0} bytes, was given {rest.Length:N0} or more as they are encoded"
                    );
                }
                if (read.IsCompleted)
                {
                    AddField(fields, rest);
                    return;
                }
            }
            finally
            {
                body.AdvanceTo(rest.Start, read.Buffer.End);
            }
        }
    }

    /// <param name="fields">Receives the field.</param>
    /// <param name="pair"><c>name=value</c>; empty between two <c>&amp;</c>, which is no field.</param>
    private static void AddField(StoryFields fields, ReadOnlySequence<byte> pair)
    {
        if (pair.IsEmpty)
        {
            return;
        }
        var bytes = pair.ToArray();
        var sign = bytes.AsSpan().IndexOf((byte)'=');
        var name = Encoding.UTF8.GetString(Decode(sign < 0 ? bytes : bytes.AsSpan(0, sign)));
        if (!fields.Expect(name))
        {
            return;
        }
        ReadOnlySpan<byte> value = sign < 0 ? [] : Decode(bytes.AsSpan(sign + 1));
        fields.Add(name, Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : throw ApiProblem.Invalid(name, "is not UTF-8"));
    }

    /// <summary>Decodes <c>%41</c> and <c>+</c> in place. A percent sign without two digits stays as it is.</summary>
    private static ReadOnlySpan<byte> Decode(Span<byte> bytes)
    {
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var isEscape =
                bytes[i] == '%'
                && i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1])
                && char.IsAsciiHexDigit((char)bytes[i + 2]);
            bytes[length++] =
                isEscape ? byte.Parse(bytes.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : bytes[i] == '+' ? (byte)' '
                : bytes[i];
            i += isEscape ? 2 : 0;
        }
        return bytes[..length];
    }

    private async Task<PostedStory> ToCardAsync(
        NewStory story,
        LogTail text,
        ValidationErrors faults,
        Action<long> cover,
        Action<NewStory, ValidationErrors> check,
        CancellationToken cancel
    )
    {
        if (story.Text is not null)
        {
            faults.Add(StoryFields.Text, "is given as a field and as a file: leave one of them out");
        }
        var read =
            text.Read() ?? throw new ApiProblem(Errors.MediaTypeRefused, "The file begins like text, but is not valid UTF-8 to its end.");
        return await WriteCardAsync(story with { Text = read }, faults, cover, check, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes the file of a text card that is too long for its row, once text and fields are valid.</summary>
    private async Task<PostedStory> WriteCardAsync(
        NewStory story,
        ValidationErrors faults,
        Action<long> cover,
        Action<NewStory, ValidationErrors> check,
        CancellationToken cancel
    )
    {
        var text = CleanText.KeepColours(story.Text ?? "");
        // Blanks with background colours can draw a picture.
        var isDrawn = text.Contains('\e', StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text);
        if (!isDrawn && ValidationErrors.FaultOfBlank(CleanText.Lines(text)) is { } fault)
        {
            faults.Add(StoryFields.Text, fault);
        }
        var card = story with { Text = text };
        check(card, faults);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Limits.TextBytes)
        {
            throw new ApiProblem(Errors.TooLarge, $"the text has {bytes.Length:N0} bytes, and the limit is {Limits.TextBytes:N0}");
        }
        cover(bytes.Length);
        if (StoryText.FitsRow(text))
        {
            return new(card, null, faults);
        }
        var file = IncomingFile.Create(directory);
        try
        {
            await file.WriteAsync(bytes, cancel).ConfigureAwait(false);
            return new(card, file, faults);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
