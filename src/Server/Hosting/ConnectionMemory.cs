using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace StoriesCli.Server.Hosting;

/// <summary>Memory of connections in blocks of 64 KiB. Kestrel's own blocks have 4 KiB, so each call to the system would move no more than that.</summary>
internal sealed class ConnectionMemory : IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024;

    // Further blocks go back to the runtime.
    private const int KeptBlocks = 64;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private readonly ConcurrentQueue<Block> _free = new();
        private int _kept;

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            if (!_free.TryDequeue(out var block))
            {
                return new Block(this);
            }
            Interlocked.Decrement(ref _kept);
            block.IsRented = true;
            return block;
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        private void Return(Block block)
        {
            if (Interlocked.Increment(ref _kept) <= KeptBlocks)
            {
                _free.Enqueue(block);
            }
            else
            {
                Interlocked.Decrement(ref _kept);
            }
        }

        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            // Pinned, because the system reads and writes it directly.
            private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

            public bool IsRented { get; set; } = true;

            public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, BlockBytes);

            public void Dispose()
            {
                if (IsRented)
                {
                    IsRented = false;
                    pool.Return(this);
                }
            }
        }
    }
}
