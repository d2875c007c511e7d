using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StoriesCli.Server.Features.Events;

/// <summary>
/// Encrypts numbers of events, so that only this server can read them and only until it restarts. With plain numbers a listener could count
/// events that it may not see. With a key that several servers share, it encrypts places, which each of them can read.
/// </summary>
/// <param name="sharedKey">Key that the servers on a database share; null for a server that is alone.</param>
internal sealed class EventIds(byte[]? sharedKey = null) : IDisposable
{
    public const int KeyBytes = 32;
    private const int Bytes = 16;

    private readonly Lock _gate = new();
    private readonly Aes _cipher = MakeCipher(sharedKey);

    /// <summary>Whether other servers can read the ids.</summary>
    public bool AreShared => sharedKey is not null;

    public void Dispose() => _cipher.Dispose();

    /// <summary>Id of an event, or of a place after which nothing has come yet.</summary>
    public string Of(HistoryItem item) =>
        AreShared ? Write(item.Place.Order, item.Place.At.ToUnixTimeMilliseconds())
        : item.Announcement is null ? OfPlaceAfter(item.Number)
        : OfEvent(item.Number);

    /// <summary>Reads an id of any of the servers that share the key.</summary>
    public bool TryReadPlace(string id, out EventPlace place)
    {
        place = default;
        if (!TryDecrypt(id, out var block))
        {
            return false;
        }
        var (order, at) = (
            BinaryPrimitives.ReadInt64LittleEndian(block),
            BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(sizeof(long)))
        );
        // An id that another key encrypted decrypts to an arbitrary number.
        if (order < 0 || at < 0 || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }
        place = new(order, DateTimeOffset.FromUnixTimeMilliseconds(at));
        return true;
    }

    /// <summary>The same for every listener and every time.</summary>
    public string OfEvent(long number) => Write(number, salt: 0);

    /// <summary>Different each time: two equal ids would reveal that nothing happened between them.</summary>
    public string OfPlaceAfter(long number) =>
        Write(number, BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))));

    /// <summary>An id from before a restart becomes a number that is never in the history.</summary>
    public bool TryRead(string id, out long number)
    {
        number = TryDecrypt(id, out var block) ? BinaryPrimitives.ReadInt64LittleEndian(block) : -1;
        return number >= 0;
    }

    private bool TryDecrypt(string id, out byte[] block)
    {
        block = new byte[Bytes];
        if (
            id.Length != 2 * Bytes
            || Convert.FromHexString(id, block, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != Bytes
        )
        {
            return false;
        }
        lock (_gate)
        {
            block = _cipher.DecryptEcb(block, PaddingMode.None);
        }
        return true;
    }

    private static Aes MakeCipher(byte[]? key)
    {
        var cipher = Aes.Create();
        if (key is not null)
        {
            cipher.Key = key;
        }
        return cipher;
    }

    private string Write(long number, long salt)
    {
        var block = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(block, number);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(sizeof(long)), salt);
        lock (_gate)
        {
            return Convert.ToHexStringLower(_cipher.EncryptEcb(block, PaddingMode.None));
        }
    }
}
