namespace StoriesCli.Client;

/// <summary>Finds what a misspelt word was meant to be.</summary>
public static class Spelling
{
    /// <summary>The most similar candidate, or null if none is similar.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        var best = candidates
            .Select(candidate => (candidate, wrong: CountWrongLetters(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.wrong)
            .FirstOrDefault();
        return best.candidate is not null && best.wrong <= Math.Max(1, Math.Min(word.Length, best.candidate.Length) / 3)
            ? best.candidate
            : null;
    }

    /// <summary>The edit distance.</summary>
    private static int CountWrongLetters(string a, string b)
    {
        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
            above = row;
        }
        return above[^1];
    }
}
