using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StoriesCli.Server.Features.Events;

/// <summary>
/// Encrypts numbers of events, so that only this server can read them and only until it restarts. With plain numbers a listener could count
/// events that it may not see.
/// </summary>
internal sealed class EventIds : IDisposable
{
    private const int Bytes = 16;

    private readonly Lock _gate = new();
    private readonly Aes _cipher = Aes.Create();

    public void Dispose() => _cipher.Dispose();

    /// <summary>The same for every listener and every time.</summary>
    public string OfEvent(long number) => Write(number, salt: 0);

    /// <summary>Different each time: two equal ids would reveal that nothing happened between them.</summary>
    public string OfPlaceAfter(long number) =>
        Write(number, BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))));

    /// <summary>An id from before a restart becomes a number that is never in the history.</summary>
    public bool TryRead(string id, out long number)
    {
        number = 0;
        var block = new byte[Bytes];
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
            number = BinaryPrimitives.ReadInt64LittleEndian(_cipher.DecryptEcb(block, PaddingMode.None));
        }
        return number >= 0;
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
