using System.Globalization;
using System.Text;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Removes typed input, the events <c>i</c>, from an asciicast. Players do not show it, and it can contain passwords that the screen never showed.</summary>
internal static class CastInput
{
    // Microseconds, as recorders write them. With this many digits a sum is never longer than the text it replaces.
    private const string TimeFormat = "0.######";

    /// <param name="file">A file that was inspected.</param>
    /// <param name="edits">Edits of the file, up to its header.</param>
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
                // Its time is relative to the event before, which is a different one now.
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
