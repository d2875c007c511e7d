using System.Net;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Whether_it_is_well_is_told_to_anybody_by_GET_and_HEAD(string path)
    {
        await using var host = await ServerHost.StartAsync();
        using var nobody = host.Wire(token: null);

        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        (await nobody.SendAsync(HttpMethod.Head, path, null)).Status.Should().Be(HttpStatusCode.OK);
        (await nobody.SendAsync(HttpMethod.Delete, path, null)).Code.Should().Be("method_not_allowed");
    }
}
