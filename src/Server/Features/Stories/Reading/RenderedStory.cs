using System.Buffers;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>
/// The JSON of one version of a story, cut where the parts stand that are not the same for every viewer and moment: the audience, and
/// what viewers did with it. A list copies it instead of writing it anew for each request.
/// </summary>
internal sealed class RenderedStory
{
    private static readonly byte[] Quiet =
        "\"reactions\":{},\"myReaction\":null,\"replyCount\":0,\"ackCount\":0,\"acked\":false,\"poll\":null"u8.ToArray();

    private readonly byte[] _json;
    private readonly (int End, int Next) _audience;
    private readonly (int End, int Next) _viewing;
    private readonly byte[] _audienceForAuthor;

    /// <param name="row">The story.</param>
    /// <param name="people">The accounts by which its names were written.</param>
    /// <param name="story">The story as somebody sees it who is not its author.</param>
    public RenderedStory(StoryRow row, object people, Story story)
    {
        (Row, People) = (row, people);
        _json = JsonSerializer.SerializeToUtf8Bytes(story, ContractsJson.Default.Story);
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        var before = 1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAudience = reader.ValueTextEquals("audience"u8);
            var isFirstOfViewing = reader.ValueTextEquals("viewed"u8);
            var isLastOfViewing = reader.ValueTextEquals("poll"u8);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (isAudience)
                _audience = (value, end);
            if (isFirstOfViewing)
                _viewing.End = before;
            if (isLastOfViewing)
                _viewing.Next = end;
            // Behind the comma that follows.
            before = end + 1;
        }
        _audienceForAuthor = JsonSerializer.SerializeToUtf8Bytes(
            row.Audience is null ? Audience.Team : Audience.Of(row.AudienceNames!),
            ContractsJson.Default.Audience
        );
    }

    public StoryRow Row { get; }

    public object People { get; }

    /// <summary>Memory that it takes, in bytes.</summary>
    public int Bytes => _json.Length + _audienceForAuthor.Length;

    /// <param name="output">Receives the JSON of the story for one viewer.</param>
    /// <param name="entry">The story with its viewers.</param>
    /// <param name="viewer">Who reads it.</param>
    /// <param name="thread">What viewers did with it, as the viewer may see it.</param>
    /// <param name="poll">Its poll with the votes, or null.</param>
    public void WriteTo(PooledBuffer output, StoryEntry entry, ViewerContext viewer, in ThreadSummary thread, StoryPoll? poll)
    {
        var isAuthor = Row.Author == viewer.Account;
        output.Write(_json.AsSpan(0, _audience.End));
        output.Write(isAuthor ? _audienceForAuthor : _json.AsSpan(_audience.End, _audience.Next - _audience.End));
        output.Write(_json.AsSpan(_audience.Next, _viewing.End - _audience.Next));
        output.Write(entry.IsSeenBy(viewer.Account) ? "\"viewed\":true"u8 : "\"viewed\":false"u8);
        output.Write(entry.IsMuted(viewer.Muting) ? ",\"muted\":true"u8 : ",\"muted\":false"u8);
        output.Write(",\"viewCount\":"u8);
        if (isAuthor)
            Write(output, entry.Views.Count);
        else
            output.Write("null"u8);
        output.Write(","u8);
        if (poll is null && thread.IsEmpty)
            output.Write(Quiet);
        else
            WriteThread(output, thread, poll);
        output.Write(_json.AsSpan(_viewing.Next));
    }

    private static void WriteThread(PooledBuffer output, in ThreadSummary thread, StoryPoll? poll)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("reactions");
        foreach (var (emoji, count) in thread.Reactions)
            json.WriteNumber(emoji, count);
        json.WriteEndObject();
        json.WriteString("myReaction", thread.MyReaction);
        json.WriteNumber("replyCount", thread.ReplyCount);
        json.WriteNumber("ackCount", thread.AckCount);
        json.WriteBoolean("acked", thread.IsAcked);
        json.WritePropertyName("poll");
        JsonSerializer.Serialize(json, poll!, ContractsJson.Default.StoryPoll);
        json.WriteEndObject();
        json.Flush();
        // The fields without the braces.
        output.Write(buffer.WrittenSpan[1..^1]);
    }

    private static void Write(PooledBuffer output, int number)
    {
        number.TryFormat(output.GetSpan(11), out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        output.Advance(length);
    }
}

/// <summary>The stories that were rendered last. It has a bound: what does not fit takes the place of something else.</summary>
internal sealed class RenderedStories(StoryView view)
{
    // Together at most 16 MiB.
    private const int Places = 2_048;
    private const int BytesOfPlace = 8 * 1024;

    private readonly RenderedStory?[] _places = new RenderedStory?[Places];

    /// <summary>A story as JSON, the same as <see cref="StoryView.Of"/> gives.</summary>
    public void Write(PooledBuffer output, StoryEntry entry, ViewerContext viewer)
    {
        var thread = view.ThreadOf(entry.Row, viewer.Account);
        Find(entry.Row).WriteTo(output, entry, viewer, thread, StoryView.PollOf(entry.Row, thread));
    }

    private RenderedStory Find(StoryRow row)
    {
        ref var place = ref _places[(uint)IdComparer.Instance.GetHashCode(row.Id) % Places];
        var (found, people) = (Volatile.Read(ref place), view.People);
        if (found is not null && ReferenceEquals(found.Row, row) && ReferenceEquals(found.People, people))
            return found;
        var rendered = new RenderedStory(row, people, view.ForAnybody(row));
        if (rendered.Bytes <= BytesOfPlace)
            Volatile.Write(ref place, rendered);
        return rendered;
    }
}
