using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A before/after story that is being posted: its image before and its difference image, both still temporary files.</summary>
internal sealed record ComparedStory(IncomingFile Before, MediaFacts Facts, string? FileName, ComparedPictures Compared) : IAsyncDisposable
{
    private const string DifferenceName = "difference.png";

    /// <summary>Keeps both files for good.</summary>
    public async Task<StoryCompare> FinishAsync(MediaStore store, string id, CancellationToken cancel)
    {
        var before = await store.KeepAsync(Before, id, StoryParts.Before, cancel).ConfigureAwait(false);
        var difference = await store.KeepAsync(Compared.Difference, id, StoryParts.Difference, cancel).ConfigureAwait(false);
        return new()
        {
            ChangedShare = Compared.ChangedShare,
            Before = MediaOf(before, Facts.Type, PostStory.NameOf(FileName, Facts)),
            Difference = MediaOf(difference, MediaTypes.Png, DifferenceName),
        };
    }

    // The image before belongs to the request, which disposes it.
    public ValueTask DisposeAsync() => Compared.Difference.DisposeAsync();

    private StoryMedia MediaOf(FinishedFile file, string type, string? name) =>
        new()
        {
            Type = type,
            Bytes = file.Bytes,
            Sha256 = Convert.ToHexStringLower(file.Sha256),
            Width = Facts.Width,
            Height = Facts.Height,
            FileName = name,
            ConvertedFrom = type == MediaTypes.Png ? null : Facts.ConvertedFrom,
        };
}

/// <summary>Checks and compares the two images of a before/after story.</summary>
internal sealed class CompareStory(MediaReceiver media, PictureComparison comparison)
{
    /// <param name="posted">The request, with both images.</param>
    /// <param name="after">The image after, one of the two.</param>
    /// <param name="cover">Called with the size of all three files in bytes; throws when they exceed the quota.</param>
    /// <param name="cancel">Cancels the comparison and leaves nothing behind.</param>
    /// <returns>Facts of the image after, and the other two images.</returns>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>too_large</c>, <c>invalid_request</c> for images of different sizes, and what <paramref name="cover"/> throws.</exception>
    public async Task<(MediaFacts After, ComparedStory Story)> CompareAsync(
        PostedStory posted,
        IncomingFile after,
        Action<long> cover,
        CancellationToken cancel
    )
    {
        var before = posted.Before!.File;
        var faults = new ValidationErrors();
        var name = StoryRules.CheckFileName(posted.Before.Name, StoryParts.Before, faults);
        faults.ThrowIfAny();
        var factsBefore = await media.InspectPictureAsync(StoryParts.Before, before, cancel).ConfigureAwait(false);
        var factsAfter = await media.InspectPictureAsync(StoryParts.After, after, cancel).ConfigureAwait(false);
        if ((factsBefore.Width, factsBefore.Height) != (factsAfter.Width, factsAfter.Height))
        {
            throw ApiProblem.Invalid(
                StoryParts.After,
                $"must be as large as before: before has {factsBefore.Width} × {factsBefore.Height} pixels, after has {factsAfter.Width} × {factsAfter.Height}"
            );
        }
        var compared = await HoldAgainstAsync(before.Path, after.Path, cancel).ConfigureAwait(false);
        try
        {
            cover(before.Bytes + after.Bytes + compared.Difference.Bytes);
            return (factsAfter, new(before, factsBefore, name, compared));
        }
        catch
        {
            await compared.Difference.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ComparedPictures> HoldAgainstAsync(string before, string after, CancellationToken cancel)
    {
        try
        {
            return await comparison.CompareAsync(before, after, cancel).ConfigureAwait(false);
        }
        catch (MediaRefusedException e)
        {
            throw new ApiProblem(Errors.MediaTypeRefused, e.Message);
        }
        catch (MediaTooLargeException e)
        {
            throw new ApiProblem(Errors.TooLarge, e.Message);
        }
        catch (PosterUnavailableException e)
        {
            throw ApiProblem.Invalid("compare", $"this server cannot compare pictures: {e.Message}");
        }
    }
}
