using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Contents of a posting request, the same for all three forms.</summary>
/// <param name="Story">Fields as given.</param>
/// <param name="File">The story's file, temporary; null for a text that its row holds.</param>
/// <param name="Faults">Faults in the form of the fields.</param>
/// <param name="Before">Image to compare with <paramref name="File"/>; null unless it is a before/after story.</param>
internal sealed record PostedStory(NewStory Story, IncomingFile? File, ValidationErrors Faults, PostedFile? Before = null)
    : IAsyncDisposable
{
    private byte[] ReceivedChecksum => File?.ReceivedChecksum ?? SHA256.HashData(Encoding.UTF8.GetBytes(Story.Text!));

    /// <summary>What a repeated request is compared with: the fields, and the received bytes.</summary>
    public string Fingerprint()
    {
        var fields = JsonSerializer.SerializeToUtf8Bytes(Story, ContractsJson.Default.NewStory);
        byte[] before = Before is null ? [] : [.. Encoding.UTF8.GetBytes(Before.Name ?? ""), .. Before.File.ReceivedChecksum];
        return Convert.ToHexStringLower(SHA256.HashData([.. fields, .. ReceivedChecksum, .. before]));
    }

    public async ValueTask DisposeAsync()
    {
        if (File is not null)
        {
            await File.DisposeAsync().ConfigureAwait(false);
        }
        if (Before is not null)
        {
            await Before.File.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>A file of a form.</summary>
/// <param name="File">Its bytes, in a temporary file.</param>
/// <param name="Name">File name in the form.</param>
internal sealed record PostedFile(IncomingFile File, string? Name);

/// <summary>Reads a posting request: a raw body with fields in the query, a form, or a text card as JSON.</summary>
internal sealed partial class PostRequestReader(MediaReceiver media, DataDirectory directory)
{
    private const string SingleFile = "file";

    /// <summary>How a JSON body spells what a form names in the singular.</summary>
    public static readonly IReadOnlyDictionary<string, string> JsonNames = new Dictionary<string, string>
    {
        ["tag"] = "tags",
        ["link"] = "links",
    };
    private const int FormOverheadBytes = 1024 * 1024;

    // JSON may escape a character of the text to six bytes.
    private const int JsonBytes = (Limits.TextBytes * 6) + Limits.FieldBytes;

    /// <param name="request">Request, whose body is read to its end, however large it is.</param>
    /// <param name="cover">Called with the number of bytes so far; throws when they exceed the quota.</param>
    /// <param name="check">Checks the fields as soon as they are known.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, <c>invalid_json</c>, <c>media_type_refused</c>, <c>too_large</c>, and what <paramref name="cover"/> and <paramref name="check"/> throw.</exception>
    public Task<PostedStory> ReceiveAsync(HttpRequest request, Action<long> cover, Action<NewStory, ValidationErrors> check)
    {
        RefuseId(request);
        if (JsonBody.Is(request))
        {
            return ReceiveTextAsync(request, cover, check);
        }
        if (HasType(request.ContentType, "multipart/form-data"))
        {
            var boundary = MediaTypeHeaderValue.Parse(request.ContentType).Boundary;
            return ReceiveFormAsync(request, HeaderUtilities.RemoveQuotes(boundary).Value, cover, check);
        }
        return HasType(request.ContentType, "application/x-www-form-urlencoded")
            ? ReceiveFieldsOrRawAsync(request, cover, check)
            : ReceiveRawAsync(request, cover, check);
    }

    private async Task<PostedStory> ReceiveRawAsync(HttpRequest request, Action<long> cover, Action<NewStory, ValidationErrors> check)
    {
        var fields = new StoryFields();
        fields.AddQuery(request.Query);
        var story = fields.ToStory(NameInPath(request));
        RefuseCompare(story, fields.Faults);
        check(story, fields.Faults);
        AllowBody(request, media.MaximumBytes);
        var text = IsCalledText(request.ContentType, story.FileName) ? new LogTail() : null;
        var cancel = request.HttpContext.RequestAborted;
        var file = await media.ReceiveAsync(request.Body, request.ContentLength, text, cover, cancel).ConfigureAwait(false);
        return file is null
            ? await ToCardAsync(story, text!, fields.Faults, cover, check, cancel).ConfigureAwait(false)
            : new(story, file, fields.Faults);
    }

    private async Task<PostedStory> ReceiveFormAsync(
        HttpRequest request,
        string? boundary,
        Action<long> cover,
        Action<NewStory, ValidationErrors> check
    )
    {
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
        {
            throw ApiProblem.Invalid("Content-Type", "multipart/form-data needs a boundary of at most 200 characters");
        }
        AllowBody(request, Math.Max(media.MaximumBytes, 2 * media.PictureBytes) + FormOverheadBytes);
        var fields = new StoryFields();
        fields.AddQuery(request.Query);
        var files = new Dictionary<string, PostedFile>(StringComparer.Ordinal);
        try
        {
            var cancel = request.HttpContext.RequestAborted;
            var text = await ReadPartsAsync(new MultipartReader(boundary, request.Body), fields, files, cover, cancel)
                .ConfigureAwait(false);
            var file = files.GetValueOrDefault(SingleFile) ?? files.GetValueOrDefault(StoryParts.After);
            var story = fields.ToStory(text?.Name ?? file?.Name ?? NameInPath(request));
            if (files.Count == 0 && story.Compare != true && (text is not null || story.Text is not null))
            {
                return text is null
                    ? await WriteCardAsync(story, fields.Faults, cover, check, cancel).ConfigureAwait(false)
                    : await ToCardAsync(story, text.Text, fields.Faults, cover, check, cancel).ConfigureAwait(false);
            }
            if (story.Text is not null)
            {
                fields.Faults.Add(StoryFields.Text, "is a story of its own, and does not go with files: use caption");
            }
            CheckFiles(story, files, fields.Faults);
            check(story, fields.Faults);
            return new(story, file!.File, fields.Faults, files.GetValueOrDefault(StoryParts.Before));
        }
        catch (Exception e)
        {
            foreach (var file in files.Values)
            {
                await file.File.DisposeAsync().ConfigureAwait(false);
            }
            // The framework's message for a form that breaks off or violates its boundary.
            throw e is InvalidDataException or (IOException and not BadHttpRequestException)
                ? ApiProblem.Invalid("body", "the form is broken, or breaks off")
                : e;
        }
    }

    /// <returns>The file that is text, or null when there is none.</returns>
    private async Task<PostedText?> ReadPartsAsync(
        MultipartReader reader,
        StoryFields fields,
        Dictionary<string, PostedFile> files,
        Action<long> cover,
        CancellationToken cancel
    )
    {
        PostedText? card = null;
        while (await reader.ReadNextSectionAsync(cancel).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.Name.HasValue)
            {
                throw ApiProblem.Invalid("body", "a part of the form has no name");
            }
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
            var fileName = HeaderUtilities
                .RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
                .Value;
            // From a client that sends text=@build.log.
            var isTextFile = name == StoryFields.Text && fileName is not null;
            name = isTextFile ? SingleFile : name;
            if (name is not (SingleFile or StoryParts.Before or StoryParts.After))
            {
                if (fileName is not null && !StoryFields.IsKnown(name))
                {
                    throw ApiProblem.Invalid(
                        name,
                        "is a file under a name that no story has; a story's file is sent as \"file\", with curl: -F file=@NAME"
                    );
                }
                if (fields.Expect(name))
                {
                    fields.Add(name, await ReadFieldAsync(section.Body, name, cancel).ConfigureAwait(false));
                }
                continue;
            }
            if (files.ContainsKey(name) || (card is not null && name == SingleFile))
            {
                throw ApiProblem.Invalid(name, name == SingleFile ? "may be given once: each story has one" : "may be given once");
            }
            if (card is not null || (files.Count > 0 && (name == SingleFile || files.ContainsKey(SingleFile))))
            {
                throw ApiProblem.Invalid(SingleFile, "does not go with before and after, which are a story of their own");
            }
            var received = files.Values.Sum(other => other.File.Bytes);
            if (name != SingleFile)
            {
                files[name] = new(
                    await media.ReceivePictureAsync(name, section.Body, bytes => cover(received + bytes), cancel).ConfigureAwait(false),
                    fileName
                );
                continue;
            }
            var text = isTextFile || IsCalledText(section.ContentType, fields.FileName ?? fileName) ? new LogTail() : null;
            if (await media.ReceiveAsync(section.Body, length: null, text, cover, cancel).ConfigureAwait(false) is { } file)
            {
                files[name] = new(file, fileName);
            }
            else
            {
                card = new(text!, fileName);
            }
        }
        return card;
    }

    private static void CheckFiles(NewStory story, Dictionary<string, PostedFile> files, ValidationErrors faults)
    {
        if (story.Compare != true && !files.ContainsKey(SingleFile))
        {
            if (files.Count == 0)
            {
                throw ApiProblem.Invalid(SingleFile, "is missing from the form");
            }
            faults.Add("compare", "must be true for a form with the files before and after");
        }
        foreach (var part in story.Compare == true ? [StoryParts.Before, StoryParts.After] : Array.Empty<string>())
        {
            if (!files.ContainsKey(part))
            {
                faults.Add(part, "is missing from the form: compare needs the files before and after");
            }
        }
    }

    private async Task<PostedStory> ReceiveTextAsync(HttpRequest request, Action<long> cover, Action<NewStory, ValidationErrors> check)
    {
        var story = await JsonBody.ReadAsync(request, ContractsJson.Default.NewStory, JsonBytes).ConfigureAwait(false);
        var faults = new ValidationErrors(JsonNames);
        foreach (var name in request.Query.Keys)
        {
            faults.Add(name, "stands in the JSON body, not in the query");
        }
        RefuseCompare(story, faults);
        return await WriteCardAsync(story, faults, cover, check, request.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A single body cannot hold two files.</summary>
    private static void RefuseCompare(NewStory story, ValidationErrors faults)
    {
        if (story.Compare == true)
        {
            faults.Add("compare", "needs a form, multipart/form-data, with the files before and after");
        }
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
        var buffer = ArrayPool<byte>.Shared.Rent(Limits.FieldBytes + 1);
        try
        {
            var length = await body.ReadAtLeastAsync(buffer, Limits.FieldBytes + 1, throwOnEndOfStream: false, cancel)
                .ConfigureAwait(false);
            if (length > Limits.FieldBytes)
            {
                throw ApiProblem.Invalid(name, $"has more than {Limits.FieldBytes:N0} bytes");
            }
            return Utf8.IsValid(buffer.AsSpan(0, length))
                ? Encoding.UTF8.GetString(buffer, 0, length)
                : throw ApiProblem.Invalid(name, "is not UTF-8");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
