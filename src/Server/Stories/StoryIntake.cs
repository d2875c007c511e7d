using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Stories;

/// <summary>What a posting request holds, in whichever of the three shapes it came.</summary>
/// <param name="Story">Its fields, as given.</param>
/// <param name="File">Its bytes, in a temporary file.</param>
/// <param name="Faults">What was wrong with the fields' shape.</param>
internal sealed record PostedStory(NewStory Story, IncomingFile File, FieldFaults Faults) : IAsyncDisposable
{
    /// <summary>What a repetition is compared with: the fields, and the bytes as received.</summary>
    public string Fingerprint()
    {
        var fields = JsonSerializer.SerializeToUtf8Bytes(Story, ContractsJson.Default.NewStory);
        return Convert.ToHexStringLower(SHA256.HashData([.. fields, .. File.ReceivedSha256]));
    }

    public ValueTask DisposeAsync() => File.DisposeAsync();
}

/// <summary>Reads a posting request: a raw body with its fields in the query, a form, or a text card as JSON.</summary>
internal sealed class StoryIntake(MediaIntake media, DataDirectory directory)
{
    private const int FieldBytes = 64 * 1024;
    private static readonly Dictionary<string, string> JsonNames = new() { ["tag"] = "tags", ["link"] = "links" };
    private const int FormOverheadBytes = 1024 * 1024;
    // A character of a text takes six bytes when JSON escapes it.
    private const int JsonBytes = (Limits.TextBytes * 6) + FieldBytes;

    /// <param name="request">Read to its end, however large it is.</param>
    /// <param name="cover">Told how many bytes there are; throws when they are too many for the quota.</param>
    /// <param name="check">Checks the fields as soon as they are known.</param>
    /// <exception cref="Failure"><c>invalid_request</c>, <c>invalid_json</c>, <c>media_type_refused</c>, <c>too_large</c>, and what <paramref name="cover"/> and <paramref name="check"/> throw.</exception>
    public Task<PostedStory> ReceiveAsync(HttpRequest request, Action<long> cover, Action<NewStory, FieldFaults> check)
    {
        if (JsonBody.Is(request))
        {
            return ReceiveTextAsync(request, cover, check);
        }
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? ReceiveFormAsync(request, HeaderUtilities.RemoveQuotes(type.Boundary).Value, cover, check)
            : ReceiveRawAsync(request, cover, check);
    }

    private async Task<PostedStory> ReceiveRawAsync(HttpRequest request, Action<long> cover, Action<NewStory, FieldFaults> check)
    {
        var fields = new StoryFields();
        fields.AddQuery(request.Query);
        var story = fields.ToStory(fileName: null);
        check(story, fields.Faults);
        AllowBody(request, media.MaximumBytes);
        var file = await media.ReceiveAsync(request.Body, request.ContentLength, cover, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return new(story, file, fields.Faults);
    }

    private async Task<PostedStory> ReceiveFormAsync(HttpRequest request, string? boundary, Action<long> cover, Action<NewStory, FieldFaults> check)
    {
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
        {
            throw Failure.Invalid("Content-Type", "multipart/form-data needs a boundary of at most 200 characters");
        }
        AllowBody(request, media.MaximumBytes + FormOverheadBytes);
        var cancel = request.HttpContext.RequestAborted;
        var fields = new StoryFields();
        fields.AddQuery(request.Query);
        IncomingFile? file = null;
        string? fileName = null;
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancel).ConfigureAwait(false) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.Name.HasValue)
                {
                    throw Failure.Invalid("body", "a part of the form has no name");
                }
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
                if (name != "file")
                {
                    fields.Add(name, await ReadFieldAsync(section.Body, name, cancel).ConfigureAwait(false));
                    continue;
                }
                if (file is not null)
                {
                    throw Failure.Invalid("file", "may be given once: each story has one");
                }
                fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                file = await media.ReceiveAsync(section.Body, length: null, cover, cancel).ConfigureAwait(false);
            }
            if (file is null)
            {
                throw Failure.Invalid("file", "is missing from the form");
            }
            var story = fields.ToStory(fileName);
            check(story, fields.Faults);
            return new(story, file, fields.Faults);
        }
        catch (Exception e)
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
            // The reader's own words for a form that breaks off or does not follow its boundary.
            throw e is InvalidDataException or (IOException and not BadHttpRequestException) ? Failure.Invalid("body", "the form is broken, or breaks off") : e;
        }
    }

    private async Task<PostedStory> ReceiveTextAsync(HttpRequest request, Action<long> cover, Action<NewStory, FieldFaults> check)
    {
        var story = await JsonBody.ReadAsync(request, ContractsJson.Default.NewStory, JsonBytes).ConfigureAwait(false);
        var faults = new FieldFaults(JsonNames);
        foreach (var name in request.Query.Keys)
        {
            faults.Add(name, "stands in the JSON body, not in the query");
        }
        var text = CleanText.KeepColours(story.Text ?? "");
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add("text", "is missing or empty");
        }
        check(story, faults);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > Limits.TextBytes)
        {
            throw new Failure(Errors.TooLarge, $"the text has {bytes.Length:N0} bytes, and the limit is {Limits.TextBytes:N0}");
        }
        cover(bytes.Length);
        var file = IncomingFile.Create(directory);
        await file.WriteAsync(bytes, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return new(story with { Text = text }, file, faults);
    }

    private static void AllowBody(HttpRequest request, long bytes)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bytes;
        }
    }

    private static async Task<string> ReadFieldAsync(Stream body, string name, CancellationToken cancel)
    {
        var buffer = new byte[FieldBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        if (length > FieldBytes)
        {
            throw Failure.Invalid(name, $"has more than {FieldBytes:N0} bytes");
        }
        return Utf8.IsValid(buffer.AsSpan(0, length)) ? Encoding.UTF8.GetString(buffer, 0, length) : throw Failure.Invalid(name, "is not UTF-8");
    }
}
