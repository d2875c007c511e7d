using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Bench;

/// <summary>
/// Writes stories of 200 people straight into a stopped server's store: texts, pictures, videos and recordings, slots, tags, audiences and views.
/// It writes rows alone, no media files.
/// </summary>
internal sealed class Filler(int seed)
{
    /// <summary>What few stories have, however many there are: so a list filtered by it finds little.</summary>
    public const string RareTag = "rare",
        RareSlot = "rare-slot",
        RareAuthor = "person-200";

    /// <summary>Number of stories with each of these, and of those that the viewer has not viewed.</summary>
    public const int Rare = 5;

    private const int People = 200,
        FirstPerson = 1001,
        InOneCommit = 2000;
    private static readonly string[] Words = "build red green deploy lake photo test release merge desk coffee night fix log graph".Split(
        ' '
    );

    private readonly Random _random = new(seed);

    /// <summary>Adds stories until there are so many.</summary>
    /// <param name="data">Data directory of a stopped server with its first accounts.</param>
    /// <param name="from">How many it has.</param>
    /// <param name="to">How many it is to have.</param>
    /// <param name="lifetime">From now until they expire.</param>
    public void Fill(string data, int from, int to, TimeSpan lifetime) => FillAsync(data, from, to, lifetime).GetAwaiter().GetResult();

    private async Task FillAsync(string data, int from, int to, TimeSpan lifetime)
    {
        var options = new ServerOptions
        {
            Data = data,
            Listen = [ListenAddress.Default],
            LogLevel = "error",
            DiskFloorBytes = 0,
        };
        using var directory = DataDirectory.Open(data);
        var app = Program.Build(options, directory, TimeProvider.System);
        await using var closed = app.ConfigureAwait(false);
        await app.Services.GetRequiredService<Start>().OpenAsync().ConfigureAwait(false);
        var database = app.Services.GetRequiredService<Database>();
        var viewer = app.Services.GetRequiredService<AccountStore>().Find(Lab.Viewer)!.Number;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        if (app.Services.GetRequiredService<AccountStore>().Find(RareAuthor) is null)
        {
            await database.CommitAsync(batch => InsertPeople(batch, now)).ConfigureAwait(false);
        }
        for (var next = from; next < to; next += InOneCommit)
        {
            var first = next;
            await database
                .CommitAsync(batch => InsertStories(batch, viewer, first, Math.Min(first + InOneCommit, to), now, lifetime))
                .ConfigureAwait(false);
        }
    }

    private static bool InsertPeople(WriteBatch batch, DateTimeOffset now)
    {
        for (var i = 1; i <= People; i++)
        {
            batch.Insert(
                AccountRow.Collection,
                new(
                    FirstPerson + i,
                    FormattableString.Invariant($"person-{i}"),
                    FormattableString.Invariant($"Person {i}"),
                    Roles.Member,
                    now,
                    Disabled: false
                )
            );
        }
        return true;
    }

    private bool InsertStories(WriteBatch batch, int viewer, int from, int to, DateTimeOffset now, TimeSpan lifetime)
    {
        for (var i = from; i < to; i++)
        {
            // Ids are in the order of their times. The rare ones are the oldest, so that a scan from the newest meets them last.
            var created = now.AddDays(-1).AddMilliseconds(i * 80);
            var id = Ulid.NewUlid(created).ToString().ToLowerInvariant();
            batch.Insert(StoryRow.Collection, Row(i, id, created, now + lifetime));
            if (i >= Rare)
            {
                batch.Insert(ViewRow.Collection, new(id, [new(viewer, now)], []));
            }
        }
        return true;
    }

    private StoryRow Row(int i, string id, DateTimeOffset created, DateTimeOffset expires)
    {
        var isRare = i < Rare;
        var kind = isRare ? StoryKinds.Audio : Kind(_random.Next(100));
        var text = kind == StoryKinds.Text ? Text(_random.Next(20, 60)) : null;
        return new()
        {
            Id = id,
            Author = isRare ? FirstPerson + People : FirstPerson + _random.Next(1, People),
            Kind = kind,
            Caption = _random.Next(2) == 0 ? Text(8) : null,
            Text = text,
            Tags = isRare ? [RareTag] : [Words[_random.Next(Words.Length)]],
            Slot =
                isRare ? RareSlot + (i == 0 ? "" : FormattableString.Invariant($"-{i}"))
                : _random.Next(5) == 0 ? FormattableString.Invariant($"build/{i}")
                : null,
            // Every tenth is for others than the viewer.
            Audience = i % 10 == 9 ? [FirstPerson + 1, FirstPerson + 2] : null,
            AudienceNames = i % 10 == 9 ? ["person-1", "person-2"] : null,
            CreatedAt = created,
            ExpiresAt = expires,
            Media = new()
            {
                Type = text is null ? "image/jpeg" : "text/plain",
                Bytes = text?.Length ?? 27_000,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text ?? id))),
                Width = text is null ? 1280 : null,
                Height = text is null ? 720 : null,
            },
        };
    }

    private static string Kind(int percent) =>
        percent < 60 ? StoryKinds.Text
        : percent < 85 ? StoryKinds.Image
        : percent < 95 ? StoryKinds.Recording
        : StoryKinds.Video;

    private string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[_random.Next(Words.Length)]));
}
