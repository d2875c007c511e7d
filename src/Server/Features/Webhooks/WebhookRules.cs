using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Checks a requested webhook.</summary>
internal static class WebhookRules
{
    /// <exception cref="ApiProblem"><c>invalid_request</c>, with all faults.</exception>
    public static (Uri Url, string[] Events) Check(NewWebhook asked)
    {
        var faults = new ValidationErrors();
        var url = CheckUrl(asked.Url, faults);
        var events = CheckEvents(asked.Events, faults);
        faults.ThrowIfAny();
        return (url!, events);
    }

    /// <summary>The URL without the parts that may be secret.</summary>
    public static string Origin(string url) => new Uri(url).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static Uri? CheckUrl(string? asked, ValidationErrors faults)
    {
        if (string.IsNullOrEmpty(asked))
        {
            faults.Add("url", "is missing or empty");
            return null;
        }
        // None of these messages repeats the URL: its path is often a secret.
        if (asked.EnumerateRunes().Count() is var length && length > Limits.LinkCharacters)
        {
            faults.Add("url", $"must have at most {Limits.LinkCharacters} characters, has {length}");
        }
        else if (
            !Uri.TryCreate(asked, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.IdnHost.Length == 0
            || url.Port == 0
        )
        {
            faults.Add("url", "must be an address that begins with http:// or https:// and names a host");
        }
        else if (url.UserInfo.Length > 0)
        {
            faults.Add("url", "must hold neither name nor password: receivers know the server by its signature");
        }
        else if (url.Fragment.Length > 0)
        {
            faults.Add("url", "must have no fragment: it is never sent");
        }
        else
        {
            return url;
        }
        return null;
    }

    private static string[] CheckEvents(string[]? asked, ValidationErrors faults)
    {
        if (asked is null)
        {
            return [.. EventTypes.All];
        }
        if (asked.FirstOrDefault(type => !EventTypes.All.Contains(type)) is var unknown && (unknown is not null || asked.Contains(null)))
        {
            faults.Add("events", $"must be some of {string.Join(", ", EventTypes.All)}, was \"{Excerpt.Of(unknown)}\"");
        }
        else if (asked.Length == 0)
        {
            faults.Add("events", "must name one at least; leave it out for all");
        }
        return [.. EventTypes.All.Where(asked.Contains)];
    }
}
