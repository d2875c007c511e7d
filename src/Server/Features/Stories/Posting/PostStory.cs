using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Accepts a story: fields, bytes, quota and repetition. Answers only once file and row are on disk.</summary>
internal sealed class PostStory(
    PostRequestReader reader,
    StoryRules rules,
    StoryStore stories,
    StoryView view,
    Viewers viewers,
    IdempotencyStore idempotency,
    MediaReceiver media,
    CompareStory comparing,
    ArrivingPosts arriving,
    MediaStore store,
    Quota quota,
    Ids ids,
    TimeProvider time
)
{
    public async Task<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>> PostAsync(HttpContext context, CurrentAccount caller)
    {
        if (IdempotencyKey.Of(context) is not { } key)
        {
            return await PostNewAsync(context, caller, key: null).ConfigureAwait(false);
        }
        using var turn = await idempotency.EnterAsync(key, context.RequestAborted).ConfigureAwait(false);
        return idempotency.Find(key) is { } known
            ? await RepeatAsync(context, caller, known).ConfigureAwait(false)
            : await PostNewAsync(context, caller, key).ConfigureAwait(false);
    }

    private async Task<JsonHttpResult<Story>> PostNewAsync(HttpContext context, CurrentAccount caller, IdempotencyKey? key)
    {
        using var reservation = quota.Open(caller.Number);
        StoryDraft? draft = null;
        await using var posted = await reader
            .ReceiveAsync(
                context.Request,
                bytes => reservation.Cover(bytes),
                (story, faults) => draft = rules.Check(caller.Number, story, faults)
            )
            .ConfigureAwait(false);
        var fingerprint = key is null ? "" : posted.Fingerprint();
        var entry = posted.File is { } file
            ? await PostFilesAsync(posted, file).ConfigureAwait(false)
            : await stories.PostAsync(RowOfText(posted.Story.Text!), key, fingerprint, context.RequestAborted).ConfigureAwait(false);
        return Created(context, view.Of(entry, viewers.Of(caller.Number)));

        StoryRow RowOfText(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return ToRow(
                ids.Next(),
                caller.Number,
                draft!,
                new(StoryKinds.Text, MediaTypes.Text),
                (bytes.Length, SHA256.HashData(bytes)),
                text
            );
        }

        async Task<StoryEntry> PostFilesAsync(PostedStory posted, IncomingFile file)
        {
            var (facts, compared) = posted switch
            {
                { Before: not null } => await comparing
                    .CompareAsync(posted, file, bytes => reservation.Cover(bytes, exactly: true), context.RequestAborted)
                    .ConfigureAwait(false),
                { Story.Text: not null } => (new MediaFacts(StoryKinds.Text, MediaTypes.Text), null),
                _ => (
                    await media.InspectAsync(file, posted.Story.KeepSubtitles == true, context.RequestAborted).ConfigureAwait(false),
                    (ComparedStory?)null
                ),
            };
            await using var _ = compared;
            // Conversion may have made the image larger.
            if (facts.ConvertedFrom is not null && compared is null)
                reservation.Cover(file.Bytes, exactly: true);
            var id = ids.Next();
            using var expected = arriving.Expect(id);
            var (finished, compare) = await FinishAsync(id, file, compared, context.RequestAborted).ConfigureAwait(false);
            var row = ToRow(id, caller.Number, draft!, facts, (finished.Bytes, finished.Sha256), posted.Story.Text) with
            {
                Compare = compare,
            };
            var entry = await CommitAsync(row, key, fingerprint, context.RequestAborted).ConfigureAwait(false);
            expected.Settle();
            return entry;
        }
    }

    private async Task<(FinishedFile File, StoryCompare? Compare)> FinishAsync(
        string id,
        IncomingFile file,
        ComparedStory? compared,
        CancellationToken cancel
    )
    {
        try
        {
            var compare = compared is null ? null : await compared.FinishAsync(store, id, cancel).ConfigureAwait(false);
            return (await store.KeepAsync(file, id, part: null, cancel).ConfigureAwait(false), compare);
        }
        catch
        {
            // Some of several files may already be in their final places.
            store.Abandon(id);
            throw;
        }
    }

    private async Task<StoryEntry> CommitAsync(StoryRow row, IdempotencyKey? key, string fingerprint, CancellationToken cancel)
    {
        try
        {
            return await stories.PostAsync(row, key, fingerprint, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not DatabaseUnavailableException { Reason: UnavailableReason.InDoubt })
        {
            // When in doubt, the row may exist and then needs the file. Otherwise the sweeper finds the file.
            store.Abandon(row.Id);
            throw;
        }
    }

    private async Task<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>> RepeatAsync(
        HttpContext context,
        CurrentAccount caller,
        IdempotencyRow known
    )
    {
        // Nothing is stored again, so a full quota does not hide the result of the first request.
        await using var posted = await reader
            .ReceiveAsync(context.Request, _ => { }, (_, faults) => faults.ThrowIfAny())
            .ConfigureAwait(false);
        if (posted.Fingerprint() != known.Fingerprint)
        {
            throw new ApiProblem(Errors.IdempotencyConflict, "this Idempotency-Key came before with other fields or other bytes");
        }
        try
        {
            return Created(context, view.Of(stories.GetVisible(caller.Number, known.Resource), viewers.Of(caller.Number)));
        }
        catch (ApiProblem problem)
            when (problem.Error == Errors.StoryExpired || problem.Error == Errors.StoryDeleted || problem.Error == Errors.StoryNotFound)
        {
            return TypedResults.Json(
                new RemovedStory { Id = known.Resource },
                ContractsJson.Default.RemovedStory,
                statusCode: known.Status
            );
        }
    }

    private StoryRow ToRow(string id, int author, StoryDraft draft, MediaFacts facts, (long Bytes, byte[] Sha256) stored, string? text) =>
        ToRow(id, author, draft, facts, stored, text, time.GetWholeMilliseconds());

    /// <param name="id">Id of the story.</param>
    /// <param name="author">Number of its author.</param>
    /// <param name="draft">Its fields.</param>
    /// <param name="facts">What its file is.</param>
    /// <param name="stored">Size and hash of its file.</param>
    /// <param name="text">Text of a card.</param>
    /// <param name="now">In whole milliseconds, as stored and shown: a restart must not make a story expire a fraction earlier.</param>
    public static StoryRow ToRow(
        string id,
        int author,
        StoryDraft draft,
        MediaFacts facts,
        (long Bytes, byte[] Sha256) stored,
        string? text,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            Author = author,
            Kind = facts.Kind,
            Caption = draft.Caption,
            Text = text is null ? null : StoryText.ForRow(text),
            Tags = draft.Tags,
            Links = draft.Links,
            Slot = draft.Slot,
            Audience = draft.Audience,
            AudienceNames = draft.AudienceNames,
            RepliesOn = draft.RepliesOn,
            CreatedAt = now,
            ExpiresAt = now + draft.Ttl,
            Media = new()
            {
                Type = facts.Type,
                Bytes = stored.Bytes,
                Sha256 = Convert.ToHexStringLower(stored.Sha256),
                Width = facts.Width,
                Height = facts.Height,
                DurationMs = facts.DurationMs,
                FileName = NameOf(draft.FileName, facts),
                ConvertedFrom = facts.ConvertedFrom,
            },
            Source = draft.Source,
            Mentions = draft.Mentions,
            CaptionMentions = draft.CaptionMentions,
            Answers = draft.Answers,
            Poll = draft.Poll,
            AsksHelp = draft.AsksHelp,
        };

    /// <summary>A converted file gets the extension of its new type.</summary>
    public static string? NameOf(string? name, MediaFacts facts) =>
        name is null || facts.ConvertedFrom is null || Path.GetExtension(name).ToUpperInvariant() is not (".HEIC" or ".HEIF" or ".HIF")
            ? name
            : Path.ChangeExtension(name, ".jpg");

    private static JsonHttpResult<Story> Created(HttpContext context, Story story)
    {
        context.Response.Headers.Location = $"/v1/stories/{story.Id}";
        return TypedResults.Json(story, ContractsJson.Default.Story, statusCode: StatusCodes.Status201Created);
    }
}
