namespace StoriesCli.Server.Storage;

/// <summary>A row's id, or its value in a unique index, is taken.</summary>
internal sealed class DuplicateRowException(Exception inner) : Exception("A row with this key is there already.", inner);
