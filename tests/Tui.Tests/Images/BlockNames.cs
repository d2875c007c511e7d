namespace StoriesCli.Tui.Tests.Images;

/// <summary>Block characters by the names that Unicode 16 gives them: the digits of a name are the parts that are filled, from 1, row by row.</summary>
internal static class BlockNames
{
    private const int FirstSextant = 0x1FB00,
        FirstOctant = 0x1CD00;

    // BLOCK SEXTANT-1 and so on, in the order of their code points.
    private const string Sextants =
        "1 2 12 3 13 23 123 4 14 24 124 34 134 234 1234 5 15 25 125 35 235 1235 45 145 245 1245 345 1345 2345 12345 6 "
        + "16 26 126 36 136 236 1236 46 146 1246 346 1346 2346 12346 56 156 256 1256 356 1356 2356 12356 456 1456 2456 "
        + "12456 3456 13456 23456";

    // BLOCK OCTANT-3 and so on.
    private const string Octants =
        "3 23 123 4 14 124 34 134 234 5 15 25 125 135 235 1235 45 145 245 1245 345 1345 2345 12345 6 16 26 126 36 136 "
        + "236 1236 146 246 1246 346 1346 2346 12346 56 156 256 1256 356 1356 2356 12356 456 1456 2456 12456 3456 13456 "
        + "23456 17 27 127 37 137 237 1237 47 147 247 1247 347 1347 2347 12347 157 257 1257 357 2357 12357 457 1457 12457 "
        + "3457 13457 23457 67 167 267 1267 367 1367 2367 12367 467 1467 2467 12467 3467 13467 23467 123467 567 1567 2567 "
        + "12567 3567 13567 23567 123567 4567 14567 24567 124567 34567 134567 234567 1234567 18 28 128 38 138 238 1238 48 "
        + "148 248 1248 348 1348 2348 12348 58 158 258 1258 358 1358 2358 12358 458 1458 2458 12458 3458 13458 23458 "
        + "123458 168 268 1268 368 2368 12368 468 1468 12468 3468 13468 23468 568 1568 2568 12568 3568 13568 23568 123568 "
        + "4568 14568 24568 124568 34568 134568 234568 1234568 178 278 1278 378 1378 2378 12378 478 1478 2478 12478 3478 "
        + "13478 23478 123478 578 1578 2578 12578 3578 13578 23578 123578 4578 14578 24578 124578 34578 134578 234578 "
        + "1234578 678 1678 2678 12678 3678 13678 23678 123678 4678 14678 24678 124678 34678 134678 234678 1234678 15678 "
        + "25678 125678 35678 235678 1235678 45678 145678 1245678 1345678 2345678";

    // Which quarters have the foreground: bit 0 the upper left, then the upper right, the lower left, the lower right.
    private static readonly Dictionary<string, int> _quadrants = new()
    {
        [" "] = 0,
        ["▘"] = 1,
        ["▝"] = 2,
        ["▀"] = 3,
        ["▖"] = 4,
        ["▌"] = 5,
        ["▞"] = 6,
        ["▛"] = 7,
        ["▗"] = 8,
        ["▚"] = 9,
        ["▐"] = 10,
        ["▜"] = 11,
        ["▄"] = 12,
        ["▙"] = 13,
        ["▟"] = 14,
        ["█"] = 15,
    };

    // Each with the eighths that it fills, as an octant would be named.
    private static readonly Dictionary<int, string> _others = new()
    {
        // UPPER ONE QUARTER BLOCK, UPPER THREE QUARTERS BLOCK, LOWER ONE QUARTER BLOCK, LOWER THREE QUARTERS BLOCK
        [0x1FB82] = "12",
        [0x1FB85] = "123456",
        [0x2582] = "78",
        [0x2586] = "345678",
        // LEFT HALF UPPER ONE QUARTER BLOCK, RIGHT HALF UPPER …, LEFT HALF LOWER …, RIGHT HALF LOWER …
        [0x1CEA8] = "1",
        [0x1CEAB] = "2",
        [0x1CEA3] = "7",
        [0x1CEA0] = "8",
        // MIDDLE LEFT ONE QUARTER BLOCK, MIDDLE RIGHT ONE QUARTER BLOCK
        [0x1FBE6] = "35",
        [0x1FBE7] = "46",
    };

    /// <summary>Whether a character fills this part of a cell of two columns and twelve rows.</summary>
    public static bool Fills(string glyph, int column, int twelfth)
    {
        var rune = char.ConvertToUtf32(glyph, 0);
        if (_quadrants.TryGetValue(glyph, out var quarters))
        {
            return (quarters >> (twelfth / 6 * 2 + column) & 1) == 1;
        }
        if (_others.TryGetValue(rune, out var eighths))
        {
            return Has(eighths, twelfth / 3 * 2 + column);
        }
        return rune >= FirstSextant
            ? Has(Sextants.Split(' ')[rune - FirstSextant], twelfth / 4 * 2 + column)
            : Has(Octants.Split(' ')[rune - FirstOctant], twelfth / 3 * 2 + column);
    }

    private static bool Has(string digits, int part) => digits.Contains((char)('1' + part));
}
