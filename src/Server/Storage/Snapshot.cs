namespace StoriesCli.Server.Storage;

/// <summary>All projections at one commit.</summary>
internal sealed class Snapshot
{
    private readonly object[] _models;

    internal Snapshot(object[] models) => _models = models;

    internal object this[int index] =>
        index < _models.Length ? _models[index] : throw new InvalidOperationException("The database is not open yet.");

    internal void CopyTo(object[] pending) => _models.CopyTo(pending, 0);
}
