using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>The page behind the link of an invite. It is the same for every invite: the code stands behind <c>#</c>, and browsers send nothing of that.</summary>
internal static class JoinPage
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{margin:0;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        main{max-width:40rem;margin:0 auto;padding:1rem}
        h1{font-size:1.5rem}
        pre{margin:0;padding:1rem;white-space:pre-wrap;font:.9375rem/1.5 ui-monospace,monospace;border:1px solid GrayText;border-radius:.5rem}
        button{font:inherit;margin-top:.5rem}
        """;

    // Shows the code only if it has the form of one: the command is meant to be copied into a shell.
    private const string Script = """
        const code = location.hash.slice(1);
        if (/^st[ia]_[0-9A-Za-z]{49}$/.test(code)) {
          const command = document.getElementById('command');
          command.textContent = "stories join '" + location.origin + location.pathname + '#' + code + "'";
          const copy = document.getElementById('copy');
          copy.hidden = false;
          copy.onclick = async () => {
            await navigator.clipboard.writeText(command.textContent);
            copy.textContent = 'Copied';
          };
          document.getElementById('incomplete').hidden = true;
        }
        """;

    private const string Body = """
        <h1>Join this team’s stories</h1>
        <p>Somebody on this server invites you to share photos, short videos, texts and terminal recordings.
        You post and see them in a terminal, and each of them expires.</p>
        <ol>
        <li><p>Install the program <code>stories</code>, from a package or an archive of its release.
        The person who sent you this address can tell you where that is.</p></li>
        <li><p>Type this in a terminal. It asks for the name by which the team will know you.</p>
        <pre id="command">stories join 'THE ADDRESS OF THIS PAGE'</pre>
        <button id="copy" type="button" hidden>Copy the command</button>
        <p id="incomplete">The address of this page is needed as a whole, with everything after <code>#</code>.</p></li>
        <li><p>Then <code>stories</code> shows what the team has posted.</p></li>
        </ol>
        <p>The address works once, and for one person. Keep it to yourself.</p>
        """;

    private static readonly HtmlPage Frame = new(Style, script: Script);
    private static readonly string Html = Frame.Of("Join this team’s stories", Body);

    public static void MapJoinPage(this IEndpointRouteBuilder app) =>
        app.MapMethods(JoinAddress.Path, [HttpMethods.Get, HttpMethods.Head], Get)
            .AllowAnonymous()
            .WithMetadata(AllowedQuery.Anything)
            .Describe(
                new(Tags.People, "getJoinPage", "Shows what to do with the link of an invite, for a browser")
                {
                    Details =
                        "The page is the same for all invites. The code stands behind `#` in the link, so it does not reach the server. The server ignores a query.",
                    Answers =
                    [
                        ResponseDocs.File(200, "How to install the client, and the command that joins.", "text/html") with
                        {
                            Headers = [HeaderNames.ContentSecurityPolicy, HeaderNames.XContentTypeOptions, HeaderNames.CacheControl],
                        },
                    ],
                }
            );

    /// <summary>The link that a person gets.</summary>
    /// <param name="address">Scheme, host and port of this server; null when they are not known.</param>
    /// <param name="code">Code of the invite or access link.</param>
    public static string? LinkFor(string? address, string code) => address is null ? null : JoinAddress.Of(address, code);

    private static ContentHttpResult Get(HttpContext context)
    {
        Frame.SetHeaders(context.Response.Headers);
        return TypedResults.Content(Html, "text/html", Encoding.UTF8);
    }
}
