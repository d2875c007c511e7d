using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Stories;

/// <summary>A file of a form that is a text.</summary>
/// <param name="Text">Its end.</param>
/// <param name="Name">As the form gives it.</param>
internal sealed record PostedText(LogTail Text, string? Name);

// Texts in the shapes in which newcomers send them: a log by curl -T, a field by curl -d, a file of a form.
internal sealed partial class StoryIntake
{
    // Of a field's name in application/x-www-form-urlencoded.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."u8);

    private static bool HasType(string? contentType, string type) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed) && parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its sender says that it is text. What the bytes are decides all the same: a picture under such a name is a picture.</summary>
    private static bool IsCalledText(string? contentType, string? fileName) =>
        HasType(contentType, MediaTypes.Text) || LogTail.IsNameOfText(fileName);

    /// <summary>The last segment of the address, which curl -T makes of the file's name.</summary>
    private static string? NameInPath(HttpRequest request) => request.RouteValues["id"] as string;

    /// <summary>Where the address ends with a file's name, somebody who means a story must not post another.</summary>
    private static void RefuseId(HttpRequest request)
    {
        if (NameInPath(request) is not { } name || (!JsonBody.Is(request) && !Names.Id.IsMatch(name)))
        {
            return;
        }
        request.HttpContext.Response.Headers.Allow = "GET, HEAD, PATCH, DELETE";
        throw new Failure(Errors.MethodNotAllowed, "PUT posts a new file here, whose name ends the address; a story is changed by PATCH, and JSON is posted to /v1/stories");
    }

    /// <summary>curl says this type of everything it sends by -d, also of a picture: only what begins like a field is a form.</summary>
    private async Task<PostedStory> ReceiveFieldsOrRawAsync(HttpRequest request, Action<long> cover, Action<NewStory, FieldFaults> check)
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
        foreach (var (name, values) in await ReadFieldsAsync(request, cancel).ConfigureAwait(false))
        {
            foreach (var value in values)
            {
                if (fields.Expect(name))
                {
                    fields.Add(name, value ?? "");
                }
            }
        }
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

    private static async Task<Dictionary<string, Microsoft.Extensions.Primitives.StringValues>> ReadFieldsAsync(HttpRequest request, CancellationToken cancel)
    {
        var reader = new FormPipeReader(request.BodyReader)
        {
            ValueCountLimit = Limits.Fields + Limits.AudienceNames,
            KeyLengthLimit = Limits.FieldBytes,
            ValueLengthLimit = Limits.FieldBytesTogether,
        };
        try
        {
            return await reader.ReadFormAsync(cancel).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Failure.Invalid("body", $"is no form of at most {Limits.Fields} fields, {Limits.FieldBytesTogether:N0} bytes together: {Seen.Of(e.Message)}");
        }
    }

    private async Task<PostedStory> ToCardAsync(
        NewStory story, LogTail text, FieldFaults faults, Action<long> cover, Action<NewStory, FieldFaults> check, CancellationToken cancel)
    {
        if (story.Text is not null)
        {
            faults.Add(StoryFields.Text, "is given as a field and as a file: leave one of them out");
        }
        var read = text.Read() ?? throw new Failure(Errors.MediaTypeRefused, "The file begins like text, but is not valid UTF-8 to its end.");
        return await WriteCardAsync(story with { Text = read }, faults, cover, check, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes the file of a text card, once its text and its fields are what they may be.</summary>
    private async Task<PostedStory> WriteCardAsync(
        NewStory story, FieldFaults faults, Action<long> cover, Action<NewStory, FieldFaults> check, CancellationToken cancel)
    {
        var text = CleanText.KeepColours(story.Text ?? "");
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add(StoryFields.Text, "is missing or empty");
        }
        var card = story with { Text = text };
        check(card, faults);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Limits.TextBytes)
        {
            throw new Failure(Errors.TooLarge, $"the text has {bytes.Length:N0} bytes, and the limit is {Limits.TextBytes:N0}");
        }
        cover(bytes.Length);
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
