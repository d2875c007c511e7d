using System.Security.Cryptography;
using System.Text;

namespace StoriesCli.Server.Storage.Engines;

/// <summary>What tells whether a collection is the same in two places.</summary>
/// <param name="Collection">Its name.</param>
/// <param name="Rows">Number of its rows.</param>
/// <param name="Sha256">Hash over the ids and the contents, in the ordinal order of the ids.</param>
internal sealed record RowSum(string Collection, long Rows, string Sha256)
{
    /// <param name="collection">Name of the collection.</param>
    /// <param name="rows">Id and content of each row, in any order: engines sort ids differently where they have rare characters.</param>
    public static RowSum Of(string collection, IEnumerable<(string Id, byte[] Document)> rows)
    {
        var hashes = rows.Select(row => (row.Id, Hash: SHA256.HashData(row.Document))).ToList();
        hashes.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, hash) in hashes)
        {
            // The hash has the same length each time, so nothing of an id can pass for a part of another row.
            all.AppendData(Encoding.UTF8.GetBytes(id));
            all.AppendData(hash);
        }
        return new(collection, hashes.Count, Convert.ToHexStringLower(all.GetHashAndReset()));
    }

    /// <summary>Compares what was read at the old place with what is at the new one. A collection without rows need not be there.</summary>
    /// <exception cref="IOException">They differ.</exception>
    public static void Verify(IEnumerable<RowSum> old, IEnumerable<RowSum> anew, string place)
    {
        var found = anew.Where(it => it.Rows > 0).ToDictionary(it => it.Collection, StringComparer.Ordinal);
        foreach (var expected in old.Where(it => it.Rows > 0))
        {
            if (!found.Remove(expected.Collection, out var sum) || sum != expected)
                throw Differs(expected.Collection, expected.Rows, sum?.Rows ?? 0, place);
        }
        if (found.Values.FirstOrDefault() is { } more)
            throw Differs(more.Collection, 0, more.Rows, place);
    }

    private static IOException Differs(string collection, long old, long anew, string place) =>
        new(
            $"The {old:N0} rows of {collection} are not the same in {place}, which has {anew:N0}. Run the command again; if that does not help, check the disks."
        );
}
