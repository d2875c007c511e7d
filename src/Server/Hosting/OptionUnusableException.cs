namespace StoriesCli.Server.Hosting;

/// <summary>An option names something that proved unusable when it was tried. The message names the option and says why.</summary>
internal sealed class OptionUnusableException(string message, Exception? inner = null) : Exception(message, inner);
