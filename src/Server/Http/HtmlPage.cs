using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace StoriesCli.Server.Http;

/// <summary>The frame of an HTML page for people. It loads nothing from elsewhere, and runs no script and no style but its own.</summary>
internal sealed class HtmlPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string _style;
    private readonly string _script;
    private readonly string _policy;

    /// <param name="style">The page's style sheet.</param>
    /// <param name="sources">Directives of the content security policy for what else the page may load, each with a semicolon.</param>
    /// <param name="script">The page's script, which runs after the body; null for none.</param>
    public HtmlPage(string style, string sources = "", string? script = null)
    {
        // Browsers hash what they read, and they read newlines.
        _style = style.ReplaceLineEndings("\n");
        _script = script?.ReplaceLineEndings("\n") ?? "";
        // Both are allowed by their hashes, so that injected ones are not. The last three directives forbid what default-src does not cover.
        _policy =
            $"default-src 'none'; {sources}{(script is null ? "" : $"script-src {HashOf(_script)}; ")}style-src {HashOf(_style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    public void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        SetDiscretion(headers);
        headers.CacheControl = "no-store";
    }

    /// <summary>Keeps other sites from learning the address of the page, and search engines from storing it.</summary>
    public static void SetDiscretion(IHeaderDictionary headers)
    {
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
    }

    /// <param name="title">Text of the title, not encoded.</param>
    /// <param name="body">HTML of the page.</param>
    public string Of(string title, string body) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex, nofollow, noarchive">
            <meta name="referrer" content="no-referrer">
            <title>{Encode(title)}</title>
            <style>{_style}</style>
            </head>
            <body>
            <main>
            {body}
            </main>
            {(_script.Length == 0 ? "" : $"<script>{_script}</script>\n")}</body>
            </html>

            """;

    /// <summary>Text as HTML. Newlines and tabs stay, which the encoder correctly but unreadably writes as numbers.</summary>
    public static string Encode(string text) =>
        Encoder.Encode(text).Replace("&#xA;", "\n", StringComparison.Ordinal).Replace("&#x9;", "\t", StringComparison.Ordinal);

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
