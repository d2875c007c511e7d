using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The fields of a new story for queries and forms: singular names, repeated for each value.</summary>
internal static class StoryFields
{
    public static List<(string Name, string? Value)> Of(NewStory story)
    {
        List<(string, string?)> fields =
        [
            ("caption", story.Caption),
            ("ttl", story.Ttl),
            ("slot", story.Slot),
            ("fileName", story.FileName),
            ("asks", story.Asks),
            ("answers", story.Answers),
            ("compare", story.Compare == true ? "true" : null),
            ("keepSubtitles", story.KeepSubtitles == true ? "true" : null),
            (
                "replies",
                story.RepliesOn switch
                {
                    true => "on",
                    false => "off",
                    null => null,
                }
            ),
        ];
        fields.AddRange((story.Tags ?? []).Select(value => ("tag", (string?)value)));
        fields.AddRange((story.Audience ?? []).Select(value => ("audience", (string?)value)));
        fields.AddRange((story.Links ?? []).Select(value => ("link", (string?)value)));
        fields.AddRange((story.Mentions ?? []).Select(value => ("mention", (string?)value)));
        if (story.Poll is { } poll)
        {
            fields.Add(("poll.question", poll.Question));
            fields.AddRange((poll.Options ?? []).Select(value => ("poll.option", (string?)value)));
        }
        if (story.Source is { } source)
        {
            fields.AddRange([
                ("source.repository", source.Repository),
                ("source.commit", source.Commit),
                ("source.ref", source.Ref),
                ("source.run", source.Run),
                ("source.runUrl", source.RunUrl),
                ("source.status", source.Status),
                ("source.exitCode", source.ExitCode?.ToString(CultureInfo.InvariantCulture)),
                ("source.durationMs", source.DurationMs?.ToString(CultureInfo.InvariantCulture)),
            ]);
        }
        fields.RemoveAll(field => field.Item2 is null);
        return fields;
    }

    /// <summary>A form for several files, or for fields that are too long for the request line.</summary>
    /// <param name="fields">As <see cref="Of"/> gives them.</param>
    /// <param name="files">Files by part name, with their file name unless a field has it.</param>
    public static MultipartFormDataContent ToForm(
        IEnumerable<(string Name, string? Value)> fields,
        IEnumerable<(string Part, string? FileName, HttpContent Content)> files
    )
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value!), $"\"{name}\"");
        }
        foreach (var (part, fileName, content) in files)
        {
            // The name is sent as the field fileName, because servers read non-ASCII form names differently. A second file has no such field and uses FileNameStar.
            content.Headers.ContentDisposition = new("form-data")
            {
                Name = $"\"{part}\"",
                FileName = $"\"{part}\"",
                FileNameStar = fileName,
            };
            form.Add(content);
        }
        return form;
    }
}
