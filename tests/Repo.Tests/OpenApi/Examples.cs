using System.Text.Json;
using System.Text.Json.Nodes;
using StoriesCli.Contracts;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>One example of each wire type, as the server writes it.</summary>
internal static class Examples
{
    private const string Id = "01k9zj4v8h3q5n7r2t6w8y0abc",
        OtherId = "01k9zj4v8h3q5n7r2t6w8y0abd",
        Secret = "sty_EXAMPLE";
    private const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);
    private static readonly Person Ana = new() { Handle = "ana", DisplayName = "Ana" },
        Bob = new() { Handle = "bob", DisplayName = "Bob" };
    private static readonly Account Account = new()
    {
        Handle = "ana",
        DisplayName = "Ana",
        Role = Roles.Member,
        CreatedAt = Now,
        Scopes = [Scopes.Read, Scopes.Post],
        TokenId = OtherId,
        TokenExpiresAt = Now.AddDays(365),
        TokenRenews = true,
        Bytes = 48213,
        QuotaBytes = 5368709120,
    };

    private static readonly Story Story = new()
    {
        Id = Id,
        Author = Ana,
        Kind = StoryKinds.Image,
        Caption = "The new desk",
        Tags = ["office"],
        Audience = Audience.Team,
        RepliesOn = true,
        CreatedAt = Now,
        ExpiresAt = Now.AddHours(6),
        Media = new()
        {
            Type = "image/jpeg",
            Bytes = 48213,
            Sha256 = Sha256,
            Width = 1280,
            Height = 720,
            FileName = "photo.jpg",
        },
    };

    private static readonly object[] All =
    [
        Account,
        new AccountChange { Disabled = true },
        new Acknowledgement { Person = Bob, At = Now.AddMinutes(3) },
        new AuditEntry
        {
            Id = Id,
            At = Now,
            Actor = "ana",
            Action = AuditActions.InviteMade,
            Subject = OtherId,
            Detail = "member",
        },
        new Circle { Name = "design", Members = ["bob", "cem"] },
        new CircleMembers { Members = ["bob", "cem"] },
        new Digest
        {
            Since = Now.AddDays(-1),
            At = Now,
            Posted = new()
            {
                Items =
                [
                    new()
                    {
                        Id = Id,
                        Author = Ana,
                        Kind = StoryKinds.Image,
                        Title = "The new desk",
                        CreatedAt = Now.AddHours(-2),
                        ReplyCount = 1,
                    },
                ],
                LeftOut = 0,
            },
            Answered = new()
            {
                Items =
                [
                    new()
                    {
                        Id = OtherId,
                        StoryId = Id,
                        Author = Bob,
                        Text = "Looks good",
                        CreatedAt = Now.AddHours(-1),
                    },
                ],
                LeftOut = 0,
            },
            Kept = new() { Items = [], LeftOut = 0 },
            Asked = new()
            {
                Items =
                [
                    new()
                    {
                        Kind = "help",
                        Id = OtherId,
                        Author = Bob,
                        Text = "The build is stuck",
                        CreatedAt = Now.AddHours(-3),
                        Open = true,
                    },
                ],
                LeftOut = 0,
            },
            NotSeen = new() { Items = [], LeftOut = 0 },
        },
        new Feed
        {
            Id = Id,
            Name = "phone",
            CreatedAt = Now,
            ExpiresAt = Now,
        },
        new Highlight
        {
            Name = "kept",
            Count = 1,
            FirstId = Id,
            LatestAt = Now,
        },
        new HighlightOrder { Order = [Id, OtherId] },
        new Joined { Account = Account, Token = Secret },
        new JoinRequest
        {
            Code = "sti_EXAMPLE",
            Handle = "ana",
            DisplayName = "Ana",
            TokenName = "laptop",
        },
        new MadeAccess
        {
            Id = Id,
            Code = "sta_EXAMPLE",
            ExpiresAt = Now.AddHours(1),
        },
        new MadeFeed
        {
            Id = Id,
            Key = "stf_EXAMPLE",
            ExpiresAt = Now,
        },
        new MadeInvite
        {
            Id = Id,
            Code = "sti_EXAMPLE",
            ExpiresAt = Now.AddHours(24),
        },
        new MadeShare
        {
            Id = Id,
            Url = "http://127.0.0.1:7867/s/sts_EXAMPLE",
            ExpiresAt = Now.AddHours(6),
        },
        new MadeToken
        {
            Id = Id,
            Name = "ci",
            Scopes = [Scopes.Post],
            CreatedAt = Now,
            ExpiresAt = Now.AddDays(90),
            Token = Secret,
        },
        new ManagedAccount
        {
            Handle = "bob",
            DisplayName = "Bob",
            Role = Roles.Member,
            Disabled = false,
            CreatedAt = Now,
            LastUsedAt = Now,
        },
        new MediaLink { Url = $"http://127.0.0.1:7867/v1/stories/{Id}/media?link=EXAMPLE", ExpiresAt = Now.AddMinutes(5) },
        new NewFeed { Name = "phone" },
        new NewInvite { Role = Roles.Member, Ttl = "24h" },
        new NewKeep { Highlight = "kept" },
        new NewLink { Ttl = "5m" },
        new MadeWebhook
        {
            Id = Id,
            Url = "https://hooks.example.org/stories",
            Events = [EventTypes.Posted, EventTypes.Reply],
            Maker = Ana,
            CreatedAt = Now,
            State = WebhookStates.Active,
            Secret = "whsec_EXAMPLE",
        },
        new NewWebhook { Url = "https://hooks.example.org/stories", Events = [EventTypes.Posted, EventTypes.Reply] },
        new LiveEnd { ExitCode = 0 },
        new LiveEvent
        {
            Type = LiveEventTypes.Snapshot,
            Width = 80,
            Height = 24,
            DelayMs = 2000,
            Output = "\ec\e[1;1H$ make test",
        },
        new NewLive
        {
            Caption = "make test",
            Width = 80,
            Height = 24,
            Delay = "2s",
        },
        new NewMute { Until = Now.AddHours(8) },
        new NewQuestion { Text = "What did you learn today?" },
        new NewReaction { Emoji = "🎉" },
        new NewReply { Text = "Looks good" },
        new NewReport { Reason = "shows a customer's data" },
        new NewShare { Ttl = "7d" },
        new NewStory
        {
            Text = "Standup notes\n* release on Thursday",
            Ttl = "6h",
            Tags = ["standup"],
        },
        new NewToken
        {
            Name = "ci",
            Scopes = [Scopes.Post],
            Ttl = "90d",
        },
        new NewVote { Option = 0 },
        new NoFields(),
        new OpenInvite
        {
            Id = Id,
            Role = Roles.Member,
            CreatedBy = "ana",
            CreatedAt = Now,
            ExpiresAt = Now.AddHours(24),
        },
        new ProfileChange { DisplayName = "Ana" },
        new Question
        {
            Id = OtherId,
            Text = "What did you learn today?",
            Asker = Ana,
            AskedAt = Now,
            EndsAt = Now.AddHours(24),
            AnswerCount = 3,
        },
        new Receipt
        {
            Id = Id,
            Sha256 = Sha256,
            Reason = "expired",
            At = Now.AddHours(6),
        },
        new RemovedReply { Id = OtherId },
        new RemovedStory { Id = Id },
        new Reply
        {
            Id = OtherId,
            Author = Bob,
            Text = "Looks good",
            CreatedAt = Now.AddMinutes(4),
        },
        new Report
        {
            Story = Story,
            Reporter = Bob,
            Reason = "shows a customer's data",
            At = Now.AddMinutes(5),
        },
        new ServerLimits
        {
            Version = "0.1.0",
            ImageBytes = Limits.ImageBytes,
            ImagePixels = Limits.ImagePixels,
            ImagePixelsAllFrames = Limits.ImagePixelsAllFrames,
            VideoBytes = Limits.VideoBytes,
            VideoDurationMs = (long)Limits.VideoDuration.TotalMilliseconds,
            AudioBytes = Limits.AudioBytes,
            AudioDurationMs = (long)Limits.AudioDuration.TotalMilliseconds,
            RecordingBytes = Limits.RecordingBytes,
            TextBytes = Limits.TextBytes,
            CaptionCharacters = Limits.CaptionCharacters,
            Tags = Limits.Tags,
            Links = Limits.Links,
            SearchCharacters = Limits.SearchCharacters,
            SearchWords = Limits.SearchWords,
            MinTtlMs = (long)Limits.MinTtl.TotalMilliseconds,
            MaxTtlMs = (long)Limits.MaxTtl.TotalMilliseconds,
            DefaultTtlMs = (long)Limits.DefaultTtl.TotalMilliseconds,
        },
        new Share
        {
            Id = Id,
            StoryId = OtherId,
            CreatedAt = Now,
            ExpiresAt = Now.AddHours(6),
            OpenCount = 3,
        },
        Story,
        new StoryEdit { Caption = "The new desk, from above", Ttl = "12h" },
        new StoryEvent
        {
            Type = EventTypes.Posted,
            At = Now,
            StoryId = Id,
            Story = Story,
        },
        new TeamMember
        {
            Handle = "ana",
            DisplayName = "Ana",
            Role = Roles.Member,
        },
        new TokenInfo
        {
            Id = Id,
            Name = "ci",
            Scopes = [Scopes.Post],
            CreatedAt = Now,
            ExpiresAt = Now.AddDays(90),
        },
        new Mute { Tag = "nightly", Until = Now.AddHours(8) },
        new TrayItem
        {
            Author = Ana,
            Total = 2,
            Unseen = 1,
            LatestAt = Now,
            FirstExpiryAt = Now.AddHours(6),
            FirstUnseenId = Id,
        },
        new UsagePage
        {
            Items =
            [
                new()
                {
                    Handle = "ana",
                    Bytes = 48213,
                    Stories = 1,
                    QuotaBytes = 5368709120,
                },
            ],
            Bytes = 48213,
            Stories = 1,
            QuotaBytes = 53687091200,
            DiskFreeBytes = 107374182400,
            DiskFloorBytes = 1073741824,
        },
        new Webhook
        {
            Id = Id,
            Url = "https://hooks.example.org/stories",
            Events = [EventTypes.Posted, EventTypes.Reply],
            Maker = Ana,
            CreatedAt = Now,
            State = WebhookStates.Active,
        },
        new WebhookDelivery
        {
            Id = Id,
            Event = EventTypes.Posted,
            StoryId = Id,
            At = Now,
            Attempt = 1,
            Status = 500,
            DurationMs = 84,
            NextAt = Now.AddSeconds(5),
        },
        new ViewerPage { Items = [new() { Person = Bob, At = Now.AddMinutes(3) }] },
    ];

    private static readonly Dictionary<Type, object> ByType = All.ToDictionary(example => example.GetType());

    /// <exception cref="InvalidOperationException">The type has no example.</exception>
    public static JsonNode Of(Type type)
    {
        if (type.IsGenericType)
        {
            return new JsonObject { ["items"] = new JsonArray(Of(type.GetGenericArguments()[0])), ["nextCursor"] = null };
        }
        var example =
            ByType.GetValueOrDefault(type)
            ?? throw new InvalidOperationException(
                $"{type.Name} goes over the wire, and there is no example of it: add one to tests/Repo.Tests/OpenApi/Examples.cs"
            );
        return JsonSerializer.SerializeToNode(example, type, ContractsJson.Default)!;
    }

    /// <summary>The example as a client sends it, without empty fields.</summary>
    public static JsonNode OfRequest(Type type)
    {
        var example = Of(type).AsObject();
        foreach (var name in example.Where(field => field.Value is null).Select(field => field.Key).ToArray())
        {
            example.Remove(name);
        }
        return example;
    }

    public static JsonNode Of(ErrorCode error) =>
        JsonSerializer.SerializeToNode(
            new Problem
            {
                Type = error.Type,
                Title = error.Title,
                Status = error.Status,
                Detail = error.Cause,
                Code = error.Code,
                TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            },
            ContractsJson.Default.Problem
        )!;
}
