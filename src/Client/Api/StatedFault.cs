namespace StoriesCli.Client.Api;

/// <summary>A fault in words of ours. Those of .NET are not passed on: they may name a proxy with its password.</summary>
/// <param name="error">What kind it is.</param>
/// <param name="reason">A few words, without a full stop.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class StatedFault(HttpRequestError error, string reason, Exception? cause) : HttpRequestException(error, reason, cause);
