namespace StoriesCli.Bench;

/// <summary>One line of the results.</summary>
/// <param name="What">What was measured.</param>
/// <param name="How">How, in a few words.</param>
/// <param name="Value">The figure with its unit.</param>
/// <param name="Spread">Lowest and highest over the repeats.</param>
/// <param name="Goal">The goal in words.</param>
/// <param name="IsMet">Whether the goal is met; null when there is none.</param>
internal sealed record Figure(string What, string How, string Value, string Spread, string Goal, bool? IsMet)
{
    /// <summary>Which limit a missed goal runs into, where a profile has shown it.</summary>
    public string Limit { get; init; } = "";
}

/// <summary>A point of a plot.</summary>
/// <param name="Plot">Title of the plot, with the unit.</param>
/// <param name="Series">Name of the line.</param>
/// <param name="Size">Number of stories.</param>
/// <param name="Cost">The cost at that size.</param>
internal sealed record Point(string Plot, string Series, int Size, double Cost);

/// <summary>The median of several repeats, with the lowest and the highest.</summary>
internal readonly record struct Spread(double Median, double Lowest, double Highest)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    public string Range(string format = "0.00") => FormattableString.Invariant($"{Text(Lowest, format)} to {Text(Highest, format)}");

    public static string Text(double value, string format = "0.00") =>
        value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Where the rows put what they measured.</summary>
internal sealed class Results
{
    public List<Figure> Figures { get; } = [];

    public List<Point> Points { get; } = [];

    public void Add(Figure figure)
    {
        Figures.Add(figure);
        Console.WriteLine(
            $"bench: {figure.What}: {figure.Value} ({figure.Spread}){(figure.IsMet is { } met ? met ? ", met" : $", missed: {figure.Goal}" : "")}"
        );
    }

    /// <summary>A ratio that has to be at least the goal.</summary>
    public void AddRatio(string what, string how, IReadOnlyList<double> ratios, double goal, string detail = "")
    {
        var spread = Spread.Of(ratios);
        Add(new(what, how, $"{Spread.Text(spread.Median)} ×{detail}", spread.Range(), $"≥ {Spread.Text(goal)} ×", spread.Median >= goal));
    }

    /// <summary>A figure that has to be at most the goal.</summary>
    public void AddAtMost(string what, string how, IReadOnlyList<double> values, double goal, string unit, string format = "0.00") =>
        Add(what, how, Spread.Of(values), "≤", goal, unit, format);

    /// <summary>A figure that has to be at least the goal.</summary>
    public void AddAtLeast(string what, string how, IReadOnlyList<double> values, double goal, string unit, string format = "0") =>
        Add(what, how, Spread.Of(values), "≥", goal, unit, format);

    private void Add(string what, string how, Spread spread, string sign, double goal, string unit, string format) =>
        Add(
            new(
                what,
                how,
                $"{Spread.Text(spread.Median, format)} {unit}",
                spread.Range(format),
                $"{sign} {Spread.Text(goal, format)} {unit}",
                sign == "≤" ? spread.Median <= goal : spread.Median >= goal
            )
        );
}
