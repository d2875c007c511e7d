using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Checks texts of replies and emoji of reactions.</summary>
internal static class ReplyRules
{
    /// <returns>The text as it is stored, cleaned in the same way as a caption.</returns>
    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static string CheckText(string? asked)
    {
        var text = CleanText.KeepColours(asked ?? "");
        if (ValidationErrors.FaultOfBlank(CleanText.Lines(text)) is { } fault)
        {
            throw ApiProblem.Invalid("text", fault);
        }
        var length = text.EnumerateRunes().Count();
        return length <= Limits.ReplyCharacters
            ? text
            : throw ApiProblem.Invalid("text", $"must have at most {Limits.ReplyCharacters} characters, has {length}");
    }

    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static string CheckEmoji(string? asked) =>
        Reactions.Emoji.FirstOrDefault(emoji => emoji == asked)
        ?? throw ApiProblem.Invalid(
            "emoji",
            $"must be one of {string.Join(' ', Reactions.Emoji)}, {(asked is null ? "is missing" : $"was \"{Excerpt.Of(asked)}\"")}"
        );
}
