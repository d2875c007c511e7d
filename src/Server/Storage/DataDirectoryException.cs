namespace StoriesCli.Server.Storage;

/// <summary>The data directory cannot be used. The message tells the person who starts the server why.</summary>
internal class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The directory holds media that its database does not know. The person who starts the server must decide what to do with them.</summary>
internal sealed class UnknownMediaException(string message) : DataDirectoryException(message);

/// <summary>The directory holds something other than a server's data: the wrong one was named.</summary>
internal sealed class ForeignDirectoryException(string message) : DataDirectoryException(message);
