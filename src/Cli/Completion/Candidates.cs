using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using StoriesCli.Cli.Commands.Account;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Completion;

/// <summary>Finds completions for the end of a command line.</summary>
internal static class Candidates
{
    // The user waits at the prompt: no answer is better than a late one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] Kinds = [StoryKinds.Image, StoryKinds.Video, StoryKinds.Audio, StoryKinds.Text, StoryKinds.Recording];

    /// <param name="root">All commands.</param>
    /// <param name="session">To ask the server.</param>
    /// <param name="line">The line up to the cursor.</param>
    /// <param name="cancel">Ends the request.</param>
    public static async Task<IReadOnlyList<CompletionItem>> FindAsync(
        RootCommand root,
        Session session,
        string line,
        CancellationToken cancel
    )
    {
        var word = line[(line.LastIndexOfAny([' ', '\t']) + 1)..];
        var known = await AskServerAsync(Parse(root, line[..^word.Length]), Parse(root, line).CommandResult.Command, word, session, cancel)
            .ConfigureAwait(false);
        foreach (var command in WithSubcommands(root))
        {
            foreach (var argument in command.Arguments)
            {
                argument.CompletionSources.Add(_ => Of(known, argument.HelpName ?? argument.Name));
            }
            foreach (var option in command.Options.Where(option => option.HelpName is not null))
            {
                option.CompletionSources.Add(_ =>
                    Of(known, option.Name is "--slot" or "--tag" or "--profile" ? option.Name : option.HelpName!)
                );
            }
        }
        return
        [
            .. Parse(root, line)
                .GetCompletions(line.Length)
                .Where(item =>
                    item.Label.StartsWith(word, StringComparison.Ordinal)
                    && (word.StartsWith('-') || !item.Label.StartsWith('-'))
                    && !item.Label.StartsWith('/')
                )
                .DistinctBy(item => item.Label),
        ];
    }

    private static ParseResult Parse(RootCommand root, string line) => root.Parse(line, new() { ResponseFileTokenReplacer = null });

    private static IEnumerable<Command> WithSubcommands(Command command) =>
        command.Subcommands.SelectMany(WithSubcommands).Prepend(command);

    private static IEnumerable<CompletionItem> Of(Known known, string what) =>
        what switch
        {
            "ID" or "CAST|ID" => known.Ids,
            "HANDLE" => known.Handles,
            "ID|@HANDLE" => known.Ids.Concat(
                known.Handles.Select(handle => new CompletionItem("@" + handle.Label, documentation: handle.Documentation))
            ),
            "OPTION" => known.PollOptions,
            "QUESTION-ID" => known.Questions,
            "--slot" => known.Slots,
            "--tag" => known.Tags,
            "--profile" => known.Profiles,
            "EMOJI" => Reactions.Emoji.Select(emoji => new CompletionItem(emoji)),
            "EVENT" => EventTypes.All.Select(type => new CompletionItem(type)),
            "KIND" => Kinds.Select(kind => new CompletionItem(kind)),
            "KEY" => ConfigCommand.Keys.Select(key => new CompletionItem(key)),
            _ => [],
        };

    /// <summary>Empty if the server does not answer in time or nobody is signed in.</summary>
    private static async Task<Known> AskServerAsync(
        ParseResult before,
        Command command,
        string word,
        Session session,
        CancellationToken cancel
    )
    {
        var known = new Known();
        if (word.StartsWith('-'))
        {
            return known;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            known.Profiles = [.. session.Config.Profiles.Select(profile => Item(profile.Key, profile.Value.Server))];
            var needed = Needs(command);
            using var api = session.Connect(session.SignedIn, retries: 0);
            if (await AskOneAsync(before, api, known, limit.Token).ConfigureAwait(false))
            {
                return known;
            }
            known.Ids = command.Parents.FirstOrDefault()?.Name switch
            {
                "token" => [.. (await api.Tokens.ListAsync(limit.Token).ConfigureAwait(false)).Select(token => Item(token.Id, token.Name))],
                "invite" =>
                [
                    .. (await api.Invites.ListAsync(limit.Token).ConfigureAwait(false)).Select(invite => Item(invite.Id, invite.Role)),
                ],
                "webhook" =>
                [
                    .. (await api.Webhooks.ListAsync(limit.Token).ConfigureAwait(false)).Select(webhook => Item(webhook.Id, webhook.Url)),
                ],
                _ => [],
            };
            if (needed.People)
            {
                known.Handles =
                [
                    .. (await api.Accounts.ListPeopleAsync(limit.Token).ConfigureAwait(false)).Select(person =>
                        Item(person.Handle, person.DisplayName)
                    ),
                ];
            }
            if (needed.Stories && known.Ids.Length == 0)
            {
                var stories = (await api.Stories.ListAsync(new() { Limit = Limits.PageMaximum }, limit.Token).ConfigureAwait(false)).Items;
                known.Ids =
                [
                    .. stories.Select(story =>
                        Item(story.Id, $"{story.Author.Handle}: {story.Caption ?? story.Text ?? story.Media.FileName ?? story.Kind}")
                    ),
                ];
                known.Slots = [.. stories.Where(story => story.Slot is not null).Select(story => Item(story.Slot!, story.Author.Handle))];
                known.Tags = [.. stories.SelectMany(story => story.Tags).Select(tag => Item(tag, ""))];
            }
        }
        catch (Exception e) when (CliError.IsKnown(e) || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Completion shows no errors.
        }
        return known;
    }

    /// <summary>For values that depend on one request: the question of the day, or the options of a poll.</summary>
    private static async Task<bool> AskOneAsync(ParseResult before, ApiClient api, Known known, CancellationToken cancel)
    {
        if (before.Tokens is [.., { Value: "--answers", Type: TokenType.Option }])
        {
            var question = await api.Questions.GetAsync(cancel).ConfigureAwait(false);
            known.Questions = [Item(question.Id, question.Text)];
            return true;
        }
        if (
            before.CommandResult.Command.Name != "vote"
            || before.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault() is not { Tokens: [{ Value: var id }] }
            || !Names.Id.IsMatch(id)
        )
        {
            return false;
        }
        var poll = (await api.Stories.GetAsync(id, cancel).ConfigureAwait(false)).Poll;
        known.PollOptions = [.. (poll?.Options ?? []).Select((option, number) => Choice(option.Text, number + 1))];
        return true;
    }

    /// <summary>The option's text if it is one plain word for a shell, otherwise its number.</summary>
    private static CompletionItem Choice(string text, int number) =>
        text.Length > 0 && text.All(char.IsLetterOrDigit) ? Item(text, "") : Item(number.ToString(CultureInfo.InvariantCulture), text);

    private static (bool Stories, bool People) Needs(Command command)
    {
        var names = command
            .Arguments.Select(argument => argument.HelpName ?? argument.Name)
            .Concat(command.Options.Select(option => option.HelpName ?? ""))
            .ToArray();
        return (
            names.Any(name => name is "ID" or "CAST|ID" or "ID|@HANDLE")
                || command.Options.Any(option => option.Name is "--slot" or "--tag"),
            names.Any(name => name is "HANDLE" or "ID|@HANDLE")
        );
    }

    private static CompletionItem Item(string label, string about) => new(label, documentation: about);

    private sealed class Known
    {
        public CompletionItem[] Ids { get; set; } = [];
        public CompletionItem[] Handles { get; set; } = [];
        public CompletionItem[] Slots { get; set; } = [];
        public CompletionItem[] Tags { get; set; } = [];
        public CompletionItem[] Profiles { get; set; } = [];
        public CompletionItem[] PollOptions { get; set; } = [];
        public CompletionItem[] Questions { get; set; } = [];
    }
}
