using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Collects what is wrong with a request, so that the caller learns all of it at once.</summary>
/// <param name="names">What fields are called in this request where that is another name.</param>
internal sealed class FieldFaults(IReadOnlyDictionary<string, string>? names = null)
{
    /// <summary>Said of a value that has no character to see, wherever that means nothing.</summary>
    public const string Empty = "is empty: leave it out, or give it a value";

    private readonly SortedDictionary<string, List<string>> _byField = new(StringComparer.Ordinal);

    public void Add(string field, string fault)
    {
        var name = names?.GetValueOrDefault(field) ?? field;
        if (!_byField.TryGetValue(name, out var faults))
        {
            _byField[name] = faults = [];
        }
        faults.Add(fault);
    }

    /// <exception cref="Failure"><c>invalid_request</c> when anything was added.</exception>
    public void ThrowIfAny()
    {
        if (_byField.Count == 0)
        {
            return;
        }
        var detail = string.Join("; ", _byField.Select(f => $"{f.Key}: {string.Join(", ", f.Value)}"));
        throw new Failure(Errors.InvalidRequest, detail) { Fields = _byField.ToDictionary(f => f.Key, f => f.Value.ToArray()) };
    }
}
