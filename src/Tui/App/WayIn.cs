using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>What the viewer must know of their way in before it closes.</summary>
internal static class WayIn
{
    // Longer than other notes: it is said once, while the screen fills.
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);

    public static AppState Warn(AppState s, Msg.SignedIn account) =>
        account.TokenEnds is { } end && end - s.Now <= Limits.TokenNotice
            ? s.Say($"Your token ends in {Days(end - s.Now)}: ask an admin for an access link. \"stories whoami\" says more.", _long)
        : account.Access is { } access
            ? s.Say(
                $"{(access.By is { } by ? $"@{by}" : "The host")} made an access link for your account. \"stories whoami\" says more.",
                _long
            )
        : s;

    public static AppState Happen(AppState s, StoryEvent happened) =>
        happened switch
        {
            { Type: EventTypes.TokenExpiring, Token: { } token } => s.Say(
                $"The token \"{CleanText.OneLine(token.Name)}\" of @{token.Owner.Handle} ends in {Days(token.ExpiresAt - s.Now)}.",
                _long
            ),
            { Type: EventTypes.AccessGiven } => s.Say(
                $"{(happened.Person is { } by ? $"@{by.Handle}" : "The host")} made an access link for your account.",
                _long
            ),
            _ => s,
        };

    private static string Days(TimeSpan left) =>
        left.TotalDays >= 2 ? Counted.Of((int)left.TotalDays, "day") : Counted.Of((int)Math.Max(0, left.TotalHours), "hour");
}
