using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Warnings about the token and the access links of the viewer's account.</summary>
internal static class AccessNotices
{
    // Longer than other notes: it appears once, while the screen fills.
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);

    public static Model Warn(Model model, ServerMsg.SignedIn account) =>
        account.TokenEnds is { } end && end - model.Now <= Limits.TokenNotice
            ? model.Notify(
                $"Your token ends in {Days(end - model.Now)}: ask an admin for an access link. \"stories whoami\" says more.",
                _long
            )
        : account.Access is { } access
            ? model.Notify(
                $"{(access.By is { } by ? $"@{by}" : "The host")} made an access link for your account. \"stories whoami\" says more.",
                _long
            )
        : model;

    public static Model Apply(Model model, StoryEvent happened) =>
        happened switch
        {
            { Type: EventTypes.TokenExpiring, Token: { } token } => model.Notify(
                $"The token \"{CleanText.OneLine(token.Name)}\" of @{token.Owner.Handle} ends in {Days(token.ExpiresAt - model.Now)}.",
                _long
            ),
            { Type: EventTypes.AccessGiven } => model.Notify(
                $"{(happened.Person is { } by ? $"@{by.Handle}" : "The host")} made an access link for your account.",
                _long
            ),
            _ => model,
        };

    private static string Days(TimeSpan left) =>
        left.TotalDays >= 2 ? Counted.Of((int)left.TotalDays, "day") : Counted.Of((int)Math.Max(0, left.TotalHours), "hour");
}
