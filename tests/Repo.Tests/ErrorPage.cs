using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Repo.Tests;

/// <summary><c>docs/errors.md</c>.</summary>
internal static class ErrorPage
{
    public static string Render()
    {
        var page = new StringBuilder();
        page.Append("# Errors\n\n");
        page.Append(
            "This page is rendered from `src/Contracts/Errors.cs`; a test keeps the two alike. Codes are added, never renamed.\n\n"
        );
        page.Append(
            $"A failed request answers with `application/problem+json` (RFC 9457). It has the `code` below, the `type` `{Errors.TypePrefix}CODE`, and a `detail` that names the limit and the value\n"
        );
        page.Append("that was seen. *Exit* is the exit code of `stories`.\n\n");
        page.Append("| code | status | exit | title | cause | remedy |\n|---|---|---|---|---|---|\n");
        foreach (var error in Errors.All)
        {
            page.Append($"| `{error.Code}` | {error.Status} | {error.ExitCode} | {error.Title} | {error.Cause} | {error.Remedy} |\n");
        }
        return page.ToString();
    }
}
