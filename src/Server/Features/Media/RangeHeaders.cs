using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace StoriesCli.Server.Features.Media;

/// <summary>Removes invalid range headers, so that the request gets the whole file (RFC 9110, 14.2 and 13.1.5).</summary>
internal static partial class RangeHeaders
{
    // More bytes than any file has, in digits that still fit a 64-bit number.
    private const string BeyondAnyFile = "999999999999999999";

    [GeneratedRegex("[0-9]{19,}")]
    private static partial Regex HugeNumber();

    public static void DropMeaningless(IHeaderDictionary headers)
    {
        if (headers.Range.Count == 0)
        {
            return;
        }
        var count = headers.Range.Count;
        // The parser rejects a number that it cannot hold, but such a number is a valid position.
        headers.Range = HugeNumber().Replace(headers.Range.ToString(), BeyondAnyFile);
        var isRange =
            count == 1
            && RangeHeaderValue.TryParse(headers.Range.ToString(), out var range)
            && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase);
        var isCondition =
            headers.IfRange.Count == 0
            || (headers.IfRange.Count == 1 && RangeConditionHeaderValue.TryParse(headers.IfRange.ToString(), out _));
        if (!isRange || !isCondition)
        {
            headers.Remove(HeaderNames.Range);
        }
    }
}
