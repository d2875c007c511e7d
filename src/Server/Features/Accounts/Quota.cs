using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Counts stored bytes and bytes of running uploads against the quotas of the account and the server.</summary>
internal sealed class Quota(UsedSpace space, ServerOptions options, DataDirectory directory)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _underWay = [];
    private long _underWayTotal;

    /// <summary>Reserves nothing yet. The reservation grows as bytes arrive; dispose it when they are stored or discarded.</summary>
    public Reservation Open(int account) => new(this, account);

    private void Grow(int account, long bytes)
    {
        lock (_gate)
        {
            var ofAccount = space.BytesOf(account) + _underWay.GetValueOrDefault(account) + bytes;
            if (ofAccount > options.QuotaAccountBytes)
            {
                throw new ApiProblem(
                    Errors.QuotaReached,
                    $"your stories and replies would have {ofAccount:N0} bytes, and your quota is {options.QuotaAccountBytes:N0}"
                );
            }
            var ofAll = space.Bytes + _underWayTotal + bytes;
            if (ofAll > options.QuotaTotalBytes)
            {
                throw new ApiProblem(
                    Errors.QuotaReached,
                    $"{bytes:N0} bytes more would be too many: the quota of {options.QuotaTotalBytes:N0} bytes for all accounts together is reached"
                );
            }
            var free = directory.FreeBytes;
            if (free - bytes < options.DiskFloorBytes)
            {
                throw new ApiProblem(
                    Errors.NoRoom,
                    $"the disk has {free:N0} bytes free, this needs {bytes:N0}, and {options.DiskFloorBytes:N0} must stay free"
                );
            }
            _underWay[account] = _underWay.GetValueOrDefault(account) + bytes;
            _underWayTotal += bytes;
        }
    }

    private void Release(int account, long bytes)
    {
        lock (_gate)
        {
            var left = _underWay.GetValueOrDefault(account) - bytes;
            if (left == 0)
            {
                _underWay.Remove(account);
            }
            else
            {
                _underWay[account] = left;
            }
            _underWayTotal -= bytes;
        }
    }

    internal sealed class Reservation(Quota quota, int account) : IDisposable
    {
        // Reserved in steps, so that a fast upload does not query the disk's free space for every buffer.
        private const long Step = 4 << 20;
        private long _reserved;

        /// <exception cref="ApiProblem"><c>quota_reached</c>, <c>no_room</c>.</exception>
        public void Cover(long bytes, bool exactly = false)
        {
            if (bytes > _reserved)
            {
                var more = exactly ? bytes - _reserved : Math.Max(bytes - _reserved, Math.Min(Step, bytes));
                quota.Grow(account, more);
                _reserved += more;
            }
        }

        public void Dispose()
        {
            if (_reserved > 0)
            {
                quota.Release(account, _reserved);
                _reserved = 0;
            }
        }
    }
}
