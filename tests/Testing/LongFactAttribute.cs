using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace StoriesCli.Testing;

/// <summary>A test that only <c>STORIES_LONG=1</c> runs. Otherwise it does not exist: a skipped test would count as one that did not pass.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("StoriesCli.Testing.LongFactDiscoverer", "StoriesCli.Testing")]
public sealed class LongFactAttribute : FactAttribute;

/// <summary>Finds the tests of <see cref="LongFactAttribute"/>.</summary>
public sealed class LongFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer _facts = new(sink);

    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo factAttribute
    ) => Environment.GetEnvironmentVariable("STORIES_LONG") == "1" ? _facts.Discover(discoveryOptions, testMethod, factAttribute) : [];
}
