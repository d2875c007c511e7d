namespace StoriesCli.Server.Http;

/// <summary>A route whose answer has no end: endpoint metadata.</summary>
internal sealed class NeverEnds
{
    public static readonly NeverEnds Yes = new();
}
