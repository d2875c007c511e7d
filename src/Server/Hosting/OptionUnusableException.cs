namespace StoriesCli.Server.Hosting;

/// <summary>An option names something that cannot be used, which only trying it could tell; its message names the option and says why.</summary>
internal sealed class OptionUnusableException(string message, Exception inner) : Exception(message, inner);
