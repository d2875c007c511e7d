using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>What makes a request recognisable when it comes again.</summary>
/// <param name="Key">Null when the caller gave none: then nothing is remembered.</param>
/// <param name="Fingerprint">Of the route and the fields.</param>
internal sealed record IdempotentRequest(IdempotencyKey? Key, string Fingerprint)
{
    public static IdempotentRequest Of<T>(HttpContext context, T body, JsonTypeInfo<T> type) =>
        new(
            IdempotencyKey.Of(context),
            Convert.ToHexStringLower(
                SHA256.HashData([
                    .. System.Text.Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n"),
                    .. JsonSerializer.SerializeToUtf8Bytes(body, type),
                ])
            )
        );
}

internal static class IdempotentRequestExtensions
{
    /// <summary>Inside a change: as <see cref="IdempotencyStore.Remember(Storage.WriteBatch, IdempotencyKey, string, int, string)"/>, when there is a key.</summary>
    public static void Remember(
        this IdempotencyStore store,
        Storage.WriteBatch batch,
        IdempotentRequest repetition,
        int status,
        string resource
    )
    {
        if (repetition.Key is { } key)
        {
            store.Remember(batch, key, repetition.Fingerprint, status, resource);
        }
    }

    /// <summary>Makes something once, however often it is asked for with the same key.</summary>
    /// <param name="store">Knows what was done.</param>
    /// <param name="repetition">Of this request.</param>
    /// <param name="make">Makes it and remembers it in the same change.</param>
    /// <param name="repeat">Answers for what was made before, by its id.</param>
    /// <param name="cancel">Gives up waiting for an earlier request with the key.</param>
    /// <exception cref="ApiProblem"><c>idempotency_conflict</c>.</exception>
    public static async Task<TResult> OnceAsync<TResult>(
        this IdempotencyStore store,
        IdempotentRequest repetition,
        Func<Task<TResult>> make,
        Func<string, TResult> repeat,
        CancellationToken cancel
    )
    {
        if (repetition.Key is not { } key)
        {
            return await make().ConfigureAwait(false);
        }
        using var turn = await store.EnterAsync(key, cancel).ConfigureAwait(false);
        if (store.Find(key) is not { } known)
        {
            return await make().ConfigureAwait(false);
        }
        return known.Fingerprint == repetition.Fingerprint
            ? repeat(known.Resource)
            : throw new ApiProblem(Errors.IdempotencyConflict, "this Idempotency-Key came before with another request");
    }
}
