namespace StoriesCli.Tui;

/// <summary>The settings give keys that cannot be given. The message is one sentence for people.</summary>
public sealed class KeyException(string message) : Exception(message);
