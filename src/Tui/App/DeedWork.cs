using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.App;

/// <summary>Does what the viewer asked for, each deed by itself, and says how it ended.</summary>
internal sealed class DeedWork(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private const int FoundMaximum = 200;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly ApiClient _client = options.Client;
    private readonly AccountWork _more = new(options);
    private readonly HubWork _hub = new(options);
    private readonly GateWork _gates = new(options);
    private readonly GoneStory _gone = new(options);
    private readonly Dictionary<int, CancellationTokenSource> _running = [];
    private int _last;

    public void React(AppState s)
    {
        foreach (var number in _running.Keys.Where(number => !s.Deeds.Any(deed => deed.Number == number)).ToArray())
        {
            // Ended, or no longer wanted.
            _running.Remove(number, out var running);
            running!.Cancel();
            running.Dispose();
        }
        foreach (var deed in s.Deeds.Where(deed => deed.Number > _last))
        {
            _last = deed.Number;
            var wanted = _running[deed.Number] = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            _ = Task.Run(() => RunAsync(deed, wanted.Token), cancel);
        }
    }

    private async Task RunAsync(Deed deed, CancellationToken wanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(wanted);
        if (deed is not (Deed.Post or Deed.Save or Deed.Promote or Deed.Wait))
        {
            late.CancelAfter(_patience);
        }
        try
        {
            post(new Msg.DeedEnded(deed.Number, await DoAsync(deed, late.Token).ConfigureAwait(false)));
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
        catch (OperationCanceledException)
        {
            post(
                new Msg.DeedEnded(
                    deed.Number,
                    new Outcome.Failed($"{_client.Server.Authority} has not answered within {_patience.TotalSeconds:0} s.")
                )
            );
        }
        catch (Exception e)
            when (e
                    is ApiException
                        or UploadRefusedException
                        or PollException
                        or ServerUnreachableException
                        or SecretLostException
                        or IOException
                        or UnauthorizedAccessException
                        or InvalidDataException
                        or ArgumentException
            )
        {
            post(new Msg.DeedEnded(deed.Number, new Outcome.Failed(Explain(e))));
            if (e is ApiException { Status: 410 } && StoryOf(deed) is { } gone)
            {
                post(new Msg.StoryGone(gone));
            }
        }
    }

    private async Task<Outcome> DoAsync(Deed deed, CancellationToken stop)
    {
        if (options.Restricted && deed is Deed.OpenLink or Deed.Save or Deed.Promote or Deed.ListFolder or Deed.Post { File: not null })
        {
            return new Outcome.Failed("Files and other programs are off here: --restricted.");
        }
        switch (deed)
        {
            case Deed.Reply reply:
                return new Outcome.Replied(reply.StoryId, await _client.ReplyAsync(reply.StoryId, reply.Text, stop).ConfigureAwait(false));
            case Deed.React { Emoji: { } emoji } react:
                return new Outcome.Changed(await _client.ReactAsync(react.StoryId, emoji, stop).ConfigureAwait(false), null);
            case Deed.React react:
                await _client.UnreactAsync(react.StoryId, stop).ConfigureAwait(false);
                return new Outcome.Changed(await _client.GetStoryAsync(react.StoryId, stop).ConfigureAwait(false), null);
            case Deed.Ack { Acked: true } ack:
                return new Outcome.Changed(await _client.AckAsync(ack.StoryId, stop).ConfigureAwait(false), "Acknowledged.");
            case Deed.Ack ack:
                await _client.UnackAsync(ack.StoryId, stop).ConfigureAwait(false);
                return new Outcome.Changed(await _client.GetStoryAsync(ack.StoryId, stop).ConfigureAwait(false), "Acknowledged no longer.");
            case Deed.Vote vote:
                return new Outcome.Changed(await _client.VoteAsync(vote.StoryId, vote.Option, stop).ConfigureAwait(false), "Voted.");
            case Deed.ClosePoll close:
                return new Outcome.Changed(await _client.ClosePollAsync(close.StoryId, stop).ConfigureAwait(false), "The poll is closed.");
            case Deed.Resolve { Resolved: true } resolve:
                return new Outcome.Changed(await _client.ResolveAsync(resolve.StoryId, stop).ConfigureAwait(false), "Resolved.");
            case Deed.Resolve resolve:
                await _client.UnresolveAsync(resolve.StoryId, stop).ConfigureAwait(false);
                return new Outcome.Changed(await _client.GetStoryAsync(resolve.StoryId, stop).ConfigureAwait(false), "Open again.");
            case Deed.Delete delete:
                await _client.DeleteStoryAsync(delete.StoryId, stop).ConfigureAwait(false);
                return new Outcome.Gone(delete.StoryId, "Deleted.");
            case Deed.Keep keep:
                return new Outcome.Changed(
                    await _client.KeepAsync(keep.StoryId, keep.Highlight, stop).ConfigureAwait(false),
                    $"Kept in {keep.Highlight}."
                );
            case Deed.Unkeep unkeep:
                return await UnkeepAsync(unkeep.StoryId, stop).ConfigureAwait(false);
            case Deed.Edit edit:
                var edited = await _client.EditAsync(edit.StoryId, edit.Change, stop).ConfigureAwait(false);
                return new Outcome.Changed(edited, Told(edit.Change, edited));
            case Deed.Post news:
                return new Outcome.Posted(await PostAsync(news, stop).ConfigureAwait(false));
            case Deed.Save save:
                return new Outcome.Said(
                    $"Saved as {await MediaSave.RunAsync(_client, save.Story, save.IsArchived, Path.GetFullPath(options.Folder), Progress(save.Number, save.Story.Media.Bytes), stop).ConfigureAwait(false)}"
                );
            case Deed.Share share:
                return new Outcome.Shared(share.StoryId, await _client.ShareAsync(share.StoryId, share.Ttl, stop).ConfigureAwait(false));
            case Deed.ListMutes:
                return new Outcome.Mutes([.. await _client.ListMutesAsync(stop).ConfigureAwait(false)]);
            case Deed.Mute mute:
                return await _more.MuteAsync(mute, stop).ConfigureAwait(false);
            case Deed.Report report:
                await _client.ReportAsync(report.StoryId, report.Reason, stop).ConfigureAwait(false);
                return new Outcome.Said("Reported to the admins.");
            case Deed.ListViewers list:
                return await _more.ListViewersAsync(list, stop).ConfigureAwait(false);
            case Deed.OpenArchive:
                return new Outcome.Opened(Settings.Archive(await _client.GetMeAsync(stop).ConfigureAwait(false)));
            case Deed.SearchArchive search:
                return await _more.SearchArchiveAsync(search.Words, stop).ConfigureAwait(false);
            case Deed.DeleteArchived archived:
                await _client.DeleteArchivedAsync(archived.StoryId, stop).ConfigureAwait(false);
                return new Outcome.Unarchived(archived.StoryId);
            case Deed.LoadQuestion:
                return await _more.LoadQuestionAsync(stop).ConfigureAwait(false);
            case Deed.AskQuestion ask:
                await _client.PutQuestionAsync(ask.Text, stop).ConfigureAwait(false);
                return new Outcome.Said("Everybody is asked, for a day.");
            case Deed.LoadSettings:
                return new Outcome.Settings(await _client.GetMeAsync(stop).ConfigureAwait(false));
            case Deed.ChangeSettings settings:
                return new Outcome.Settings(await _client.ChangeMeAsync(settings.Change, stop).ConfigureAwait(false));
            case Deed.OpenLink link:
                return LinkOpener.Open(link.Address);
            case Deed.ListFolder folder:
                return FolderList.Read(folder.Path ?? options.Folder);
            case Deed.LoadDigest:
                return DigestList.Of(await _client.GetDigestAsync(cancel: stop).ConfigureAwait(false));
            case Deed.OpenStory open:
                return await OpenAsync(open, stop).ConfigureAwait(false);
            case Deed.FindGone find:
                return await _gone.FindAsync(find.StoryId, find.Zone, stop).ConfigureAwait(false);
            case Deed.Wait wait:
                return await _gates.WaitAsync(wait, stop).ConfigureAwait(false);
            case Deed.ListPeople:
                return Lists.People(await _client.ListPeopleAsync(stop).ConfigureAwait(false));
            case Deed.ListHighlights list:
                return Lists.Highlights(list, await _client.ListHighlightsAsync(list.Handle, stop).ConfigureAwait(false));
            case Deed.OpenHistory open:
                var history = await _client
                    .ListStoriesAsync(
                        new()
                        {
                            Author = open.Handle,
                            Slot = open.Slot,
                            History = true,
                            Limit = FoundMaximum,
                        },
                        stop
                    )
                    .ConfigureAwait(false);
                return new Outcome.Found($"@{open.Handle} {open.Slot}, newest first", [.. history.Items]);
            case Deed.OpenHighlight open:
                return new Outcome.Found(
                    $"@{open.Handle} ★ {open.Name}",
                    [.. await _client.GetHighlightAsync(open.Handle, open.Name, stop).ConfigureAwait(false)],
                    Highlight: open.Name
                );
            case Deed.Order order:
                await _client
                    .OrderHighlightAsync(
                        (await _client.GetMeAsync(stop).ConfigureAwait(false)).Handle,
                        order.Highlight,
                        [.. order.StoryIds],
                        stop
                    )
                    .ConfigureAwait(false);
                return new Outcome.Ordered(order.StoryIds);
            case Deed.Promote promote when options.Promote is { } write:
                return new Outcome.Said($"Written: {await write(promote.Story, Written(promote.Folder), stop).ConfigureAwait(false)}");
            case Deed.Search search:
                var found = await _client
                    .ListStoriesAsync(new() { Search = search.Words, Limit = FoundMaximum }, stop)
                    .ConfigureAwait(false);
                return new Outcome.Found($"/ {search.Words}", [.. found.Items]);
            default:
                return await _hub.DoAsync(deed, stop).ConfigureAwait(false) ?? new Outcome.Failed("That cannot be done here.");
        }
    }

    private static string Told(StoryEdit change, Story edited) =>
        change.Ttl is not { } ttl ? "Changed."
        : edited.KeptIn is { } kept ? $"It leaves tray and lists in {ttl}, and stays kept in {kept}."
        : $"It ends in {ttl}.";

    private static string? StoryOf(Deed deed) =>
        deed switch
        {
            Deed.Reply reply => reply.StoryId,
            Deed.React react => react.StoryId,
            Deed.Ack ack => ack.StoryId,
            Deed.Vote vote => vote.StoryId,
            Deed.ClosePoll close => close.StoryId,
            Deed.Resolve resolve => resolve.StoryId,
            Deed.Delete delete => delete.StoryId,
            Deed.Keep keep => keep.StoryId,
            Deed.Edit edit => edit.StoryId,
            Deed.Report report => report.StoryId,
            Deed.ListViewers list => list.StoryId,
            Deed.Share share => share.StoryId,
            Deed.Promote promote => promote.Story.Id,
            Deed.Save { IsArchived: false } save => save.Story.Id,
            _ => null,
        };

    private async Task<Outcome> OpenAsync(Deed.OpenStory open, CancellationToken stop)
    {
        try
        {
            return new Outcome.Found(open.Title, [await _client.GetStoryAsync(open.StoryId, stop).ConfigureAwait(false)]);
        }
        catch (ApiException e) when (e.Status == 410)
        {
            return await _gone.FindAsync(open.StoryId, open.Zone, stop).ConfigureAwait(false);
        }
    }

    private async Task<Outcome> UnkeepAsync(string storyId, CancellationToken stop)
    {
        await _client.UnkeepAsync(storyId, stop).ConfigureAwait(false);
        try
        {
            return new Outcome.Changed(await _client.GetStoryAsync(storyId, stop).ConfigureAwait(false), "Kept no longer.");
        }
        catch (ApiException e) when (e.Status == 410)
        {
            return new Outcome.Gone(storyId, "Kept no longer: its lifetime was over.");
        }
    }

    private async Task<Story> PostAsync(Deed.Post news, CancellationToken stop)
    {
        var story =
            news.Story.Answers == Forms.Today
                ? news.Story with
                {
                    Answers = (await _client.GetQuestionAsync(stop).ConfigureAwait(false)).Id,
                }
                : news.Story;
        if (news.File is not { } path)
        {
            return await _client.PostTextAsync(story, news.Key, stop).ConfigureAwait(false);
        }
        var limits = await _client.GetLimitsAsync(stop).ConfigureAwait(false);
        var file = UploadFile.Open(Written(path), limits);
        if (news.Before is { } earlier)
        {
            return await CompareAsync(news, story, UploadFile.Open(Written(earlier), limits), file, stop).ConfigureAwait(false);
        }
        return file.Text is { } text
            ? await _client.PostTextAsync(story with { Text = text, FileName = file.Media.FileName }, news.Key, stop).ConfigureAwait(false)
            : await _client.PostAsync(story, file.Media, news.Key, Progress(news.Number, file.Media.Bytes), stop).ConfigureAwait(false);
    }

    private Task<Story> CompareAsync(Deed.Post news, NewStory story, UploadFile before, UploadFile after, CancellationToken stop) =>
        new[] { before, after }.FirstOrDefault(file => file.Kind != StoryKinds.Image) is { } other
            ? throw new UploadRefusedException(
                $"{CleanText.OneLine(other.Media.FileName ?? "")} is {other.Kind}: two pictures are compared, JPEG, PNG, GIF or WebP."
            )
            : _client.PostCompareAsync(
                story,
                before.Media,
                after.Media,
                news.Key,
                Progress(news.Number, before.Media.Bytes + after.Media.Bytes),
                stop
            );

    /// <summary>A path as people write it, and as terminals paste a file that is dropped on them.</summary>
    private string Written(string path)
    {
        var plain = path.Trim().Trim('\'', '"');
        return plain.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), plain[2..])
            : Path.Combine(Path.GetFullPath(options.Folder), plain);
    }

    private TransferRate Progress(int number, long total) =>
        new(total, options.Clock, transfer => post(new Msg.DeedMoved(number, transfer)));

    /// <summary>The server's own words by field, as the forms call it; they name the limit and what was seen.</summary>
    private static string Explain(Exception e) =>
        e is ApiException { Errors.Count: > 0 } refused
            ? string.Join(". ", refused.Errors.Select(field => $"{Forms.LabelOf(field.Key)}: {string.Join("; ", field.Value)}"))
            : e.Message;
}
