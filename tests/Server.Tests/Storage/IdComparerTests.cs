using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Tests.Storage;

public sealed class IdComparerTests
{
    [Fact]
    public void Ids_of_one_millisecond_and_of_many_have_different_hashes()
    {
        var ids = new Ids(TimeProvider.System);
        string[] made = [.. Enumerable.Range(0, 100_000).Select(_ => ids.Next())];

        var hashes = made.Select(IdComparer.Instance.GetHashCode).ToHashSet();
        hashes.Count.Should().BeGreaterThan(made.Length - 50, "one in 85,000 meets another by chance");
        // Maps take the last bits.
        hashes.Select(hash => hash & 1023).Distinct().Count().Should().Be(1024);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("short", "short")]
    [InlineData("of the same length", "Of the same length")]
    public void Any_text_can_be_asked_for(string one, string other) =>
        (IdComparer.Instance.Equals(one, other), IdComparer.Instance.GetHashCode(one) == IdComparer.Instance.GetHashCode(new string(one)))
            .Should()
            .Be((one == other, true));
}
