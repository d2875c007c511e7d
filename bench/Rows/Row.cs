namespace StoriesCli.Bench.Rows;

/// <summary>Some figures that are measured together. One that fails does not end the run.</summary>
internal abstract class Row
{
    public abstract string Name { get; }

    public abstract void Measure(Lab lab, Results results);
}
