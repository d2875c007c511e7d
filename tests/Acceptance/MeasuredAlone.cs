namespace StoriesCli.Acceptance;

/// <summary>Tests with limits in milliseconds. They run after all others, when nothing else needs the processors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
