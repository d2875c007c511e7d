using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Http;

/// <summary>A route that works also while the disk is full, although it is no reading and no deletion: endpoint metadata. It writes a bounded little, or nothing.</summary>
internal sealed class WorksOnFullDisk
{
    public static readonly WorksOnFullDisk Yes = new();
}

/// <summary>While the disk is full, what is left of the reserve is for deletions and expiry: requests that would add something are refused.</summary>
internal sealed class FullDiskFilter(DataDirectory directory) : IEndpointFilter
{
    /// <summary>Whether a route is refused while the disk is full.</summary>
    public static bool IsClosedTo(string method, EndpointMetadataCollection metadata) =>
        (HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method))
        && metadata.GetMetadata<WorksOnFullDisk>() is null;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (
            directory.Reserve.IsDiskFull
            && http.GetEndpoint() is { } endpoint
            && IsClosedTo(http.Request.Method, endpoint.Metadata)
            && !directory.Reserve.TryFill()
        )
        {
            throw new ApiProblem(
                Errors.NoRoom,
                $"the server's disk is full: {directory.Reserve.HeldBytes:N0} of {directory.Reserve.Bytes:N0} reserved bytes are left, for deletions only"
            );
        }
        return next(context);
    }
}
