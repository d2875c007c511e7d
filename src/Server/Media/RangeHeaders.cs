using Microsoft.Net.Http.Headers;

namespace StoriesCli.Server.Media;

/// <summary>Takes away what a request for a part has that means nothing, so that it is answered with the whole (RFC 9110, 14.2 and 13.1.5).</summary>
internal static class RangeHeaders
{
    public static void DropMeaningless(IHeaderDictionary headers)
    {
        if (headers.Range.Count == 0)
        {
            return;
        }
        var isRange = headers.Range.Count == 1 && RangeHeaderValue.TryParse(headers.Range.ToString(), out var range) && range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase);
        var isCondition = headers.IfRange.Count == 0 || (headers.IfRange.Count == 1 && RangeConditionHeaderValue.TryParse(headers.IfRange.ToString(), out _));
        if (!isRange || !isCondition)
        {
            headers.Remove(HeaderNames.Range);
        }
    }
}
