namespace StoriesCli.Server.Storage;

/// <summary>Another row has the same id.</summary>
internal sealed class DuplicateRowException(Exception inner) : Exception("A row with this key is there already.", inner);
