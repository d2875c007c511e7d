using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StoriesCli.Cli.Running;

/// <summary>Records a command's output as events of an asciicast v2, with secrets masked and long pauses shortened.</summary>
/// <param name="events">Stores the events.</param>
/// <param name="mask">Masks secrets.</param>
/// <param name="addsReturns">Whether to add carriage returns to bare line feeds.</param>
/// <param name="clock">Clock for the event times.</param>
/// <param name="live">Sends the events while the command runs; null when nobody watches.</param>
internal sealed class Recorder(CastFile events, SecretMask mask, bool addsReturns, TimeProvider clock, LiveSender? live = null)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // The decoder keeps the beginning of a split character.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _characters = [];
    private long _last = clock.GetTimestamp();
    private TimeSpan _elapsed;
    private bool _afterReturn;
    private string _before = "";
    private bool _hasNamedVariables;

    /// <summary>Beginning of the names of our variables.</summary>
    private const string Variables = "STORIES_";

    /// <summary>Whether the command line or the command's output names a variable of ours.</summary>
    public bool NamesOurVariables => _hasNamedVariables;

    public void Add(ReadOnlySpan<byte> bytes, bool isLast = false)
    {
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_characters.Length < most)
        {
            _characters = new char[most];
        }
        var count = _decoder.GetChars(bytes, _characters, flush: isLast);
        Look(_characters.AsSpan(0, count));
        Write("o", mask.Push(WithReturns(_characters.AsSpan(0, count)), isLast));
    }

    public void Resize(int columns, int rows) => Write("r", $"{columns}x{rows}");

    /// <summary>Ends the recording.</summary>
    public void End() => Add([], isLast: true);

    /// <summary>A name may come in two pieces.</summary>
    private void Look(ReadOnlySpan<char> text)
    {
        if (_hasNamedVariables)
        {
            return;
        }
        var seam = text[..Math.Min(text.Length, Variables.Length)];
        _hasNamedVariables =
            text.Contains(Variables, StringComparison.Ordinal) || $"{_before}{seam}".Contains(Variables, StringComparison.Ordinal);
        var last = $"{_before}{text[^Math.Min(text.Length, Variables.Length)..]}";
        _before = last[^Math.Min(last.Length, Variables.Length)..];
    }

    private string WithReturns(ReadOnlySpan<char> text)
    {
        if (!addsReturns)
        {
            return text.ToString();
        }
        var lines = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (character == '\n' && !_afterReturn)
            {
                lines.Append('\r');
            }
            lines.Append(character);
            _afterReturn = character == '\r';
        }
        return lines.ToString();
    }

    private void Write(string kind, string data)
    {
        if (data.Length == 0)
        {
            return;
        }
        var pause = clock.GetElapsedTime(_last);
        _elapsed += pause > LongestPause ? LongestPause : pause;
        _last = clock.GetTimestamp();
        live?.Add(kind, data, _elapsed);
        var text = JsonEncodedText.Encode(data, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        events.Add(string.Create(CultureInfo.InvariantCulture, $"[{_elapsed.TotalSeconds:0.000000},\"{kind}\",\"{text}\"]\n"));
    }
}
