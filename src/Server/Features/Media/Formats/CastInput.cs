using System.Globalization;
using System.Text;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Takes out of an asciicast what was typed, its events <c>i</c>: no player shows it, and passwords that no screen ever showed are among it.</summary>
internal static class CastInput
{
    // Microseconds, as recorders write them; with so many digits a sum is never longer than what has gone before it.
    private const string TimeFormat = "0.######";

    /// <param name="file">One that has been inspected.</param>
    /// <param name="edits">Of the file, as far as its header.</param>
    public static void Find(FileBytes file, FileEdits edits)
    {
        var isRelative = Cast.FindHeader(file) is { Version: 3 };
        double interval = 0;
        foreach (var found in Cast.ReadEvents(file))
        {
            if (found.IsCut)
            {
                edits.Remove(found.Offset, found.Bytes);
            }
            else if (found.IsInput)
            {
                edits.Remove(found.Offset, found.Bytes);
                interval += found.Time;
            }
            else if (isRelative && interval > 0)
            {
                // Its time is told from the event before, which is another one now.
                edits.Replace(
                    found.TimeOffset,
                    found.TimeBytes,
                    Encoding.ASCII.GetBytes((interval + found.Time).ToString(TimeFormat, CultureInfo.InvariantCulture))
                );
                interval = 0;
            }
        }
    }
}
