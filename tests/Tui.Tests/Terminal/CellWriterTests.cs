using StoriesCli.Tui.Terminal;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Time;
using Rectangle = System.Drawing.Rectangle;

namespace StoriesCli.Tui.Tests.Terminal;

public class CellWriterTests
{
    [Theory]
    [InlineData(0, 0, 20, 5)]
    [InlineData(3, 1, 9, 3)]
    [InlineData(4, 1, 9, 3)]
    [InlineData(5, 2, 1, 2)]
    [InlineData(5, 2, 2, 2)]
    [InlineData(15, 3, 30, 30)]
    [InlineData(7, 2, 0, 2)]
    [InlineData(-3, -2, 10, 4)]
    public void Cells_are_emptied_as_Terminal_Gui_empties_them(int x, int y, int width, int height)
    {
        var area = new Rectangle(x, y, width, height);
        using var stock = Written();
        using var ours = Written();

        stock.Driver!.FillRect(area, new System.Text.Rune(' '));
        CellWriter.Fill(ours.Driver!, area);

        Cells(ours).Should().Equal(Cells(stock));
        Cells(ours).Should().Contain(cell => cell.Contains('山'), "not all of it is emptied, or the clip keeps it");
    }

    [Theory]
    [InlineData(0, 0, 20, 5)]
    [InlineData(4, 1, 9, 3)]
    [InlineData(15, 3, 30, 30)]
    [InlineData(7, 2, 0, 2)]
    public void Cells_are_written_as_Terminal_Gui_writes_them(int x, int y, int width, int height)
    {
        var area = new Rectangle(x, y, width, height);
        using var stock = Written();
        using var ours = Written();

        CellWriter.Fill(stock.Driver!, area);
        for (var row = 0; row < height; row++)
        {
            stock.Driver!.Move(x, y + row);
            stock.Driver.AddStr(new('▚', width));
        }
        CellWriter.Fill(ours.Driver!, area);
        CellWriter.Write(ours.Driver!, area, (_, _) => new(ours.Driver!.GetAttribute(), true, "▚"));

        Cells(ours).Should().Equal(Cells(stock));
    }

    /// <summary>Rows of wide and narrow characters. The middle must not be drawn on, as under a dialog.</summary>
    private static IApplication Written()
    {
        var app = Application.Create(new VirtualTimeProvider()).Init(DriverRegistry.Names.ANSI);
        app.Driver!.SetScreenSize(20, 5);
        for (var row = 0; row < 5; row++)
        {
            app.Driver.Move(0, row);
            app.Driver.AddStr("山田a山田山田b山田cd");
        }
        var buffer = app.Driver.GetOutputBuffer();
        for (var row = 0; row < 5; row++)
        {
            buffer.DirtyLines[row] = false;
            for (var column = 0; column < 20; column++)
            {
                buffer.Contents![row, column].IsDirty = false;
            }
        }
        var clip = new Region(new Rectangle(0, 0, 20, 5));
        clip.Exclude(new Rectangle(8, 2, 6, 2));
        app.Driver.Clip = clip;
        app.Driver.SetAttribute(new(Color.Red, Color.Blue));
        return app;
    }

    private static IEnumerable<string> Cells(IApplication app)
    {
        var buffer = app.Driver!.GetOutputBuffer();
        return Enumerable
            .Range(0, 5)
            .SelectMany(row => Enumerable.Range(0, 20).Select(column => Text(buffer.Contents![row, column], buffer.DirtyLines[row])));
    }

    private static string Text(Cell cell, bool isDirtyRow) => $"{cell.Grapheme} {cell.Attribute} {cell.IsDirty} {isDirtyRow}";
}
