using System.Buffers;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>The words of a search. A story must contain all of them. Each word takes one pass over a text, whatever both consist of.</summary>
internal sealed class SearchWords
{
    public static readonly SearchWords None = new([]);

    private readonly Word[] _words;

    private SearchWords(IEnumerable<string> words) => _words = [.. words.Select(word => new Word(word))];

    /// <param name="query">Search text: at most <see cref="Limits.SearchCharacters"/> characters and <see cref="Limits.SearchWords"/> words.</param>
    /// <param name="faults">Receives violations of these limits.</param>
    public static SearchWords Read(string query, ValidationErrors faults)
    {
        if (query.EnumerateRunes().Count() is var length && length > Limits.SearchCharacters)
        {
            faults.Add("q", $"must have at most {Limits.SearchCharacters} characters, has {length:N0}");
            return None;
        }
        string[] words = [.. query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (words.Length > Limits.SearchWords)
        {
            faults.Add("q", $"must have at most {Limits.SearchWords} words, has {words.Length}");
            return None;
        }
        return new(words);
    }

    public bool IsEmpty => _words.Length == 0;

    /// <summary>Whether each word occurs in the caption, the text, a tag or the author's names, ignoring case.</summary>
    public bool AreIn(StoryRow row, Person author)
    {
        if (IsEmpty)
        {
            return true;
        }
        // Words contain no white space, so none can match across two parts.
        ReadOnlySpan<string?> parts = [row.Caption, row.Text, author.Handle, author.DisplayName, .. row.Tags];
        foreach (var word in _words)
            if (!word.MayBeIn(parts))
                return false;
        var room = 0;
        foreach (var part in parts)
            room += (part?.Length ?? 0) + 1;
        var buffer = ArrayPool<char>.Shared.Rent(room);
        try
        {
            var length = 0;
            foreach (var part in parts)
            {
                length += part.AsSpan().ToUpperInvariant(buffer.AsSpan(length));
                buffer[length++] = '\n';
            }
            return Array.TrueForAll(_words, word => word.IsIn(buffer.AsSpan(0, length)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Knuth, Morris and Pratt: never rereads text after a mismatch, so the time is linear in the text.</summary>
    private sealed class Word
    {
        // Few stories hold even the beginning of a word. So short a one is found quickly in any text.
        private const int BeginningCharacters = 8;

        private readonly string _text;
        private readonly SearchValues<string> _beginning;

        // For each character of the word, how much of the word's beginning also ends there.
        private readonly int[] _overlaps;

        public Word(string word)
        {
            _text = word.ToUpperInvariant();
            var length = Math.Min(_text.Length, BeginningCharacters);
            // Not between the two halves of a character.
            length -= length > 1 && char.IsHighSurrogate(_text[length - 1]) ? 1 : 0;
            _beginning = SearchValues.Create([_text[..length]], StringComparison.OrdinalIgnoreCase);
            _overlaps = new int[_text.Length];
            for (int i = 1, matched = 0; i < _text.Length; i++)
            {
                matched = Advance(matched, _text[i]);
                _overlaps[i] = matched;
            }
        }

        public bool MayBeIn(ReadOnlySpan<string?> parts)
        {
            foreach (var part in parts)
                if (part.AsSpan().ContainsAny(_beginning))
                    return true;
            return false;
        }

        public bool IsIn(ReadOnlySpan<char> text)
        {
            var matched = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (matched == 0)
                {
                    var skipped = text[i..].IndexOf(_text[0]);
                    if (skipped < 0)
                    {
                        return false;
                    }
                    i += skipped;
                }
                matched = Advance(matched, text[i]);
                if (matched == _text.Length)
                {
                    return true;
                }
            }
            return false;
        }

        private int Advance(int matched, char next)
        {
            while (matched > 0 && _text[matched] != next)
            {
                matched = _overlaps[matched - 1];
            }
            return _text[matched] == next ? matched + 1 : matched;
        }
    }
}
