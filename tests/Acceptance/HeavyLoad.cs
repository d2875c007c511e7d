namespace StoriesCli.Acceptance;

/// <summary>Tests that take the whole machine, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class HeavyLoad
{
    public const string Name = "heavy load";
}
