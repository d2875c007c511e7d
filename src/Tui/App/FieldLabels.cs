namespace StoriesCli.Tui.App;

/// <summary>The server's field names, as our forms call them.</summary>
internal static class FieldLabels
{
    private static readonly Dictionary<string, string> _labels = new()
    {
        ["text"] = "Text card",
        ["caption"] = "Caption",
        ["ttl"] = "Lifetime",
        ["audience"] = "Audience",
        ["tag"] = "Tags",
        ["tags"] = "Tags",
        ["slot"] = "Slot",
        ["poll.question"] = "Poll",
        ["poll.option"] = "Poll",
        ["asks"] = "Asks for help",
        ["mention"] = "Mention",
        ["answers"] = "Answers",
        ["compare"] = "Before",
        ["repliesOn"] = "Replies",
        ["url"] = "Address",
        ["events"] = "Events",
    };

    /// <summary>The label of a field, or the server's own name where no form has it.</summary>
    public static string Of(string field) => _labels.GetValueOrDefault(field, field);
}
