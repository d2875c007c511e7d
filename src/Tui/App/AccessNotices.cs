using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>What the viewer must know of their way in before it closes.</summary>
internal static class AccessNotices
{
    // Longer than other notes: it is said once, while the screen fills.
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);

    public static Model Warn(Model s, ServerMsg.SignedIn account) =>
        account.TokenEnds is { } end && end - s.Now <= Limits.TokenNotice
            ? s.Notify($"Your token ends in {Days(end - s.Now)}: ask an admin for an access link. \"stories whoami\" says more.", _long)
        : account.Access is { } access
            ? s.Notify(
                $"{(access.By is { } by ? $"@{by}" : "The host")} made an access link for your account. \"stories whoami\" says more.",
                _long
            )
        : s;

    public static Model Apply(Model s, StoryEvent happened) =>
        happened switch
        {
            { Type: EventTypes.TokenExpiring, Token: { } token } => s.Notify(
                $"The token \"{CleanText.OneLine(token.Name)}\" of @{token.Owner.Handle} ends in {Days(token.ExpiresAt - s.Now)}.",
                _long
            ),
            { Type: EventTypes.AccessGiven } => s.Notify(
                $"{(happened.Person is { } by ? $"@{by.Handle}" : "The host")} made an access link for your account.",
                _long
            ),
            _ => s,
        };

    private static string Days(TimeSpan left) =>
        left.TotalDays >= 2 ? Counted.Of((int)left.TotalDays, "day") : Counted.Of((int)Math.Max(0, left.TotalHours), "hour");
}
