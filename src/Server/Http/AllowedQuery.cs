using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>The query parameters that a route knows: endpoint metadata.</summary>
internal sealed record AllowedQuery(params string[] Names)
{
    /// <summary>For a page that people open. Other programs may add parameters to its address when they pass it on.</summary>
    public static readonly AllowedQuery Anything = new();
}

/// <summary>
/// Refuses query parameters that the route does not know, so that a typing error is told and not ignored, and empty ones:
/// what a script sends whose variable is not set would choose everything instead of one thing.
/// </summary>
internal sealed class UnknownQueryFilter : IEndpointFilter
{
    private static readonly AllowedQuery None = new();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.QueryString.HasValue)
        {
            Verify(context.HttpContext);
        }
        return next(context);
    }

    private static void Verify(HttpContext context)
    {
        VerifyCount(context.Request.QueryString.Value!);
        var known = context.GetEndpoint()?.Metadata.GetMetadata<AllowedQuery>() ?? None;
        if (ReferenceEquals(known, AllowedQuery.Anything))
        {
            return;
        }
        var faults = new ValidationErrors();
        foreach (var name in context.Request.Query.Keys.Where(name => !known.Names.Contains(name)))
        {
            faults.Add(
                name,
                known.Names.Length == 0
                    ? "unknown: this route takes no parameters"
                    : $"unknown: this route takes {string.Join(", ", known.Names)}"
            );
        }
        foreach (
            var (name, _) in context.Request.Query.Where(given =>
                known.Names.Contains(given.Key) && given.Value.Any(string.IsNullOrWhiteSpace)
            )
        )
        {
            faults.Add(name, ValidationErrors.Empty);
        }
        faults.ThrowIfAny();
    }

    /// <summary>Counted before they are taken apart. A story's fields may stand in a query, with all names of an audience.</summary>
    private static void VerifyCount(string query)
    {
        var count = query.AsSpan().Count('&') + 1;
        if (count > Limits.Fields + Limits.AudienceNames)
        {
            throw ApiProblem.Invalid("query", $"at most {Limits.Fields + Limits.AudienceNames} parameters, was given {count:N0}");
        }
    }
}
