namespace StoriesCli.Server.Storage;

/// <summary>The data directory cannot be used; the message says why in words for the person who starts the server.</summary>
internal class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The directory holds media that its database does not know: whoever starts the server has to say what becomes of them.</summary>
internal sealed class UnknownMediaException(string message) : DataDirectoryException(message);

/// <summary>The directory holds something else than a server's data: whoever starts the server has named the wrong one.</summary>
internal sealed class ForeignDirectoryException(string message) : DataDirectoryException(message);
