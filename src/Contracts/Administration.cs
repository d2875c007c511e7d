using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>An account, as admins see it.</summary>
public sealed record ManagedAccount
{
    /// <inheritdoc cref="Person.Handle"/>
    public required string Handle { get; init; }

    /// <inheritdoc cref="Person.DisplayName"/>
    public required string DisplayName { get; init; }

    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Whether its tokens, streams and signed links are refused.</summary>
    public required bool Disabled { get; init; }

    /// <summary>When it joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When one of its tokens was last used, to the minute; null when never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When the last of its tokens ends, unless that one is used; null when it has none and cannot sign in.</summary>
    public DateTimeOffset? TokensEndAt { get; init; }
}

/// <summary>What an admin changes of an account; what is null stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AccountChange
{
    /// <summary>One of <see cref="Roles"/>, no higher than the changer's.</summary>
    public string? Role { get; init; }

    /// <summary>Whether its tokens, streams and signed links are refused; they hold again when it is enabled.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>What somebody changes of their own account; what is null stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProfileChange
{
    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters; empty for the handle.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether stories that expire from now on are archived, for their author alone; <c>false</c> empties the archive.</summary>
    public bool? Archive { get; init; }

    /// <summary>Whether authors learn from now on that somebody saw their story, but not who.</summary>
    public bool? PrivateViewing { get; init; }
}

/// <summary>What one account's stories take.</summary>
public sealed record AccountUsage
{
    /// <inheritdoc cref="Person.Handle"/>
    public required string Handle { get; init; }

    /// <summary>Bytes of its stories.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many stories those are.</summary>
    public required int Stories { get; init; }

    /// <summary>Bytes it may use.</summary>
    public required long QuotaBytes { get; init; }
}

/// <summary>What all accounts take, and what is left.</summary>
public sealed record UsagePage
{
    /// <summary>By account, the largest first.</summary>
    public required AccountUsage[] Items { get; init; }

    /// <summary>Continues the list, or null at its end.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Bytes of all stories.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many stories those are.</summary>
    public required int Stories { get; init; }

    /// <summary>Bytes that all stories together may use.</summary>
    public required long QuotaBytes { get; init; }

    /// <summary>Bytes that the server's disk has left.</summary>
    public required long DiskFreeBytes { get; init; }

    /// <summary>Free bytes below which nothing more is taken in.</summary>
    public required long DiskFloorBytes { get; init; }
}

/// <summary>What can be done that is noted: the values of <see cref="AuditEntry.Action"/>. A newer server may have others.</summary>
public static class AuditActions
{
    /// <summary>Somebody joined with an invite; the detail is the role.</summary>
    public const string Joined = "account.joined";

    /// <summary>An account got another role; the detail says from which to which.</summary>
    public const string RoleChanged = "account.role_changed";

    /// <summary>An account was disabled.</summary>
    public const string Disabled = "account.disabled";

    /// <summary>An account was enabled again.</summary>
    public const string Enabled = "account.enabled";

    /// <summary>An account was deleted, by itself or by an admin.</summary>
    public const string AccountDeleted = "account.deleted";

    /// <summary>An access link was made for an account; the detail has its id.</summary>
    public const string AccessMade = "access.made";

    /// <summary>Somebody got back in with an access link; the detail says which, and how many tokens ended.</summary>
    public const string AccessUsed = "access.used";

    /// <summary>An invite was made; the detail is its role.</summary>
    public const string InviteMade = "invite.made";

    /// <summary>An invite was withdrawn.</summary>
    public const string InviteRevoked = "invite.revoked";

    /// <summary>A token was made; the detail has its name and scopes.</summary>
    public const string TokenMade = "token.made";

    /// <summary>A token was revoked.</summary>
    public const string TokenRevoked = "token.revoked";

    /// <summary>A webhook was made; the detail is where it leads, without its path.</summary>
    public const string WebhookMade = "webhook.made";

    /// <summary>A webhook was deleted; the detail is where it led.</summary>
    public const string WebhookDeleted = "webhook.deleted";

    /// <summary>An admin deleted another person's story.</summary>
    public const string StoryDeleted = "story.deleted";

    /// <summary>The question of the day got other words; the detail says whose they took the place of.</summary>
    public const string QuestionReworded = "question.reworded";

    /// <summary>Somebody shared a story of theirs out of the house.</summary>
    public const string ShareMade = "share.made";

    /// <summary>Its author revoked a share.</summary>
    public const string ShareRevoked = "share.revoked";

    /// <summary>A feed key was made; the detail has its name.</summary>
    public const string FeedMade = "feed.made";

    /// <summary>A feed key was revoked.</summary>
    public const string FeedRevoked = "feed.revoked";

    /// <summary>A backup was taken.</summary>
    public const string BackupTaken = "backup.taken";
}

/// <summary>One entry of the audit trail.</summary>
public sealed record AuditEntry
{
    /// <summary>ULID in lower case, in the order of the deeds.</summary>
    public required string Id { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Handle of who did it; null for the host, at the machine itself.</summary>
    public string? Actor { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>To whom or what: a handle or an id.</summary>
    public required string Subject { get; init; }

    /// <summary>More, in words; null when there is nothing to add.</summary>
    public string? Detail { get; init; }
}
