using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Finds the people that a story mentions: in its field, and as <c>@handle</c> in its texts.</summary>
internal static class MentionRules
{
    /// <summary>Numbers of the people in the field. Each must have an account.</summary>
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

    /// <summary>Numbers of the people that a text mentions. Unknown handles are ignored.</summary>
    public static int[] InText(string? text, AccountStore accounts)
    {
        if (text is null || !text.Contains('@', StringComparison.Ordinal))
        {
            return [];
        }
        // Without colours, whose last letter would precede the @ and make it look like an e-mail address.
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
