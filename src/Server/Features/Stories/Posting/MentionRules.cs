using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Finds whom a story mentions: by its field, and by <c>@handle</c> in what it says.</summary>
internal static class MentionRules
{
    /// <summary>Numbers of the people whom the field names, each of whom must be there.</summary>
    public static int[] CheckNamed(string[]? asked, AccountStore accounts, ValidationErrors faults)
    {
        string[] names = [.. (asked ?? []).Distinct()];
        if (names.Length > Limits.Mentions)
        {
            faults.Add("mention", $"at most {Limits.Mentions}, was given {names.Length}");
            return [];
        }
        var numbers = new List<int>();
        foreach (var name in names)
        {
            if (Find(name ?? "", accounts) is { } number)
            {
                numbers.Add(number);
            }
            else
            {
                faults.Add("mention", $"there is nobody called \"{Excerpt.Of(name)}\"");
            }
        }
        return [.. numbers];
    }

    /// <summary>Numbers of the people whom a text names. What is nobody's handle mentions nobody.</summary>
    public static int[] InText(string? text, AccountStore accounts)
    {
        if (text is null || !text.Contains('@', StringComparison.Ordinal))
        {
            return [];
        }
        // Without colours, whose last letter would stand before the sign and make it look like an e-mail address.
        return
        [
            .. MentionText
                .Handles(CleanText.Lines(text))
                .Select(handle => handle.ToLowerInvariant())
                .Distinct()
                .Select(handle => Find(handle, accounts) ?? Find(handle.TrimEnd('-', '_'), accounts))
                .OfType<int>()
                .Distinct(),
        ];
    }

    public static void CheckCount(IEnumerable<int> mentioned, ValidationErrors faults)
    {
        var count = mentioned.Distinct().Count();
        if (count > Limits.Mentions)
        {
            faults.Add("mention", $"at most {Limits.Mentions} people, and the story mentions {count}");
        }
    }

    private static int? Find(string handle, AccountStore accounts) =>
        accounts.Find(handle) is { Disabled: false } account ? account.Number : null;
}
