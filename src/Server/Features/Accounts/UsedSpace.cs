using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Sums up the space that all features use.</summary>
internal sealed class UsedSpace(IEnumerable<IUsesSpace> features)
{
    private readonly IUsesSpace[] _features = [.. features];

    public long Bytes => _features.Sum(feature => feature.Bytes);

    public long BytesOf(int account) => _features.Sum(feature => feature.BytesOf(account));
}
