namespace StoriesCli.Acceptance;

/// <summary>Tests that take much of the machine, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class HeavyLoad
{
    public const string Name = "heavy load";
}
