using StoriesCli.Client.Api;

namespace StoriesCli.Client.Tests.Api;

public class AddressTests
{
    [Theory]
    [InlineData("https://team.example", "https://team.example")]
    [InlineData("https://team.example:443/", "https://team.example")]
    [InlineData("HTTP://LocalHost:7867", "http://localhost:7867")]
    [InlineData("http://[::1]:7867", "http://[::1]:7867")]
    public void Scheme_host_and_port_are_an_address(string text, string origin)
    {
        ServerAddress.TryParse(text, out var server, out _).Should().BeTrue();
        ServerAddress.Origin(server!).Should().Be(origin);
    }

    [Theory]
    [InlineData("team.example")]
    [InlineData("ftp://team.example")]
    [InlineData("https://")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("https://ana:secret@team.example")]
    [InlineData("https://team.example/v1")]
    [InlineData("https://team.example?x")]
    public void Anything_else_is_refused_with_a_sentence(string? text)
    {
        ServerAddress.TryParse(text, out _, out var fault).Should().BeFalse();
        fault.Should().EndWith(".").And.NotContain("secret");
    }

    [Theory]
    [InlineData("http://127.0.0.1:7867", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("https://team.example", true)]
    [InlineData("http://team.example", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("http://127.0.0.1.evil.example", false)]
    public void Plain_http_is_protected_on_this_machine_only(string url, bool isProtected) =>
        ServerAddress.IsProtected(new(url)).Should().Be(isProtected);
}
