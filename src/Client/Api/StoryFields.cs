using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>A new story's fields by the names they have in queries and forms: singular, repeated for each value.</summary>
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

    /// <summary>The form that carries fields too long for a request's first line, or several files.</summary>
    /// <param name="fields">As <see cref="Of"/> gives them.</param>
    /// <param name="files">By the part's name, with the file's own where no field says it.</param>
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
            // The name travels as the field fileName, for a form's own way to write other than ASCII is read differently by each server. A second file has no field: its name stands in the one way that takes any letter.
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
