namespace StoriesCli.Client.Api;

/// <summary>A request error with our own message. .NET's message may contain a proxy's password.</summary>
/// <param name="error">The kind of error.</param>
/// <param name="reason">A few words, without a full stop.</param>
/// <param name="cause">The original exception.</param>
internal sealed class DescribedRequestException(HttpRequestError error, string reason, Exception? cause)
    : HttpRequestException(error, reason, cause);
