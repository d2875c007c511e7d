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

    /// <summary>Whether the server refuses the account's tokens, streams and signed links.</summary>
    public required bool Disabled { get; init; }

    /// <summary>When the account joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When any of its tokens was last used, to the minute; null when none was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When the last of its tokens expires, if it is not used; null when it has no token and cannot sign in.</summary>
    public DateTimeOffset? TokensEndAt { get; init; }
}

/// <summary>What an admin changes of an account. Null leaves a field as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AccountChange
{
    /// <summary>One of <see cref="Roles"/>, no higher than the caller's own.</summary>
    public string? Role { get; init; }

    /// <summary>Whether the server refuses the account's tokens, streams and signed links. They work again once the account is enabled.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>What an account changes of itself. Null leaves a field as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProfileChange
{
    /// <summary>At most <see cref="Limits.DisplayNameCharacters"/> characters; the empty text resets it to the handle.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether the server archives stories that expire from now on, visible only to their author. <c>false</c> empties the archive.</summary>
    public bool? Archive { get; init; }

    /// <summary>Whether to view privately from now on: authors learn that somebody saw their story, but not who.</summary>
    public bool? PrivateViewing { get; init; }
}

/// <summary>Space that one account's stories use.</summary>
public sealed record AccountUsage
{
    /// <inheritdoc cref="Person.Handle"/>
    public required string Handle { get; init; }

    /// <summary>Bytes that its stories use.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of those stories.</summary>
    public required int Stories { get; init; }

    /// <summary>Bytes that the account may use.</summary>
    public required long QuotaBytes { get; init; }
}

/// <summary>Space that all accounts use, and what is left.</summary>
public sealed record UsagePage
{
    /// <summary>One item per account, the largest first.</summary>
    public required AccountUsage[] Items { get; init; }

    /// <summary>Cursor of the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Bytes that all stories use.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of all stories.</summary>
    public required int Stories { get; init; }

    /// <summary>Bytes that all stories together may use.</summary>
    public required long QuotaBytes { get; init; }

    /// <summary>Free bytes on the server's disk.</summary>
    public required long DiskFreeBytes { get; init; }

    /// <summary>The server takes no uploads while fewer bytes than this are free.</summary>
    public required long DiskFloorBytes { get; init; }
}

/// <summary>Actions in the audit trail: the values of <see cref="AuditEntry.Action"/>. A newer server may have others.</summary>
public static class AuditActions
{
    /// <summary>Somebody joined with an invite; the detail is the role.</summary>
    public const string Joined = "account.joined";

    /// <summary>An account got another role; the detail says the old and the new one.</summary>
    public const string RoleChanged = "account.role_changed";

    /// <summary>An account was disabled.</summary>
    public const string Disabled = "account.disabled";

    /// <summary>An account was enabled again.</summary>
    public const string Enabled = "account.enabled";

    /// <summary>An account was deleted, by itself or by an admin.</summary>
    public const string AccountDeleted = "account.deleted";

    /// <summary>An access link was made for an account; the detail has its id.</summary>
    public const string AccessMade = "access.made";

    /// <summary>Somebody used an access link; the detail says which one, and how many tokens it revoked.</summary>
    public const string AccessUsed = "access.used";

    /// <summary>An invite was made; the detail is its role.</summary>
    public const string InviteMade = "invite.made";

    /// <summary>An invite was revoked.</summary>
    public const string InviteRevoked = "invite.revoked";

    /// <summary>A token was made; the detail has its name and scopes.</summary>
    public const string TokenMade = "token.made";

    /// <summary>A token was revoked.</summary>
    public const string TokenRevoked = "token.revoked";

    /// <summary>A webhook was made; the detail is its URL without the path.</summary>
    public const string WebhookMade = "webhook.made";

    /// <summary>A webhook was deleted; the detail is its URL without the path.</summary>
    public const string WebhookDeleted = "webhook.deleted";

    /// <summary>An admin deleted another person's story.</summary>
    public const string StoryDeleted = "story.deleted";

    /// <summary>The question of the day was reworded; the detail says who had written the previous words.</summary>
    public const string QuestionReworded = "question.reworded";

    /// <summary>Somebody shared one of their stories outside the team.</summary>
    public const string ShareMade = "share.made";

    /// <summary>The author revoked a share.</summary>
    public const string ShareRevoked = "share.revoked";

    /// <summary>A feed key was made; the detail has its name.</summary>
    public const string FeedMade = "feed.made";

    /// <summary>A feed key was revoked.</summary>
    public const string FeedRevoked = "feed.revoked";

    /// <summary>A backup was begun.</summary>
    public const string BackupTaken = "backup.taken";

    /// <summary>A backup was sent whole. The server does not know whether its receiver kept it.</summary>
    public const string BackupFinished = "backup.finished";
}

/// <summary>One entry of the audit trail.</summary>
public sealed record AuditEntry
{
    /// <summary>ULID in lower case, in the order of the actions.</summary>
    public required string Id { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Handle of the account that did it; null for an action on the server's machine.</summary>
    public string? Actor { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Handle or id of the account or thing that the action changed.</summary>
    public required string Subject { get; init; }

    /// <summary>More about it, in words; null when there is nothing to add.</summary>
    public string? Detail { get; init; }
}
