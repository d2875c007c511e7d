namespace StoriesCli.Server.Storage;

/// <summary>The data directory cannot be used; the message says why in words for the person who starts the server.</summary>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
