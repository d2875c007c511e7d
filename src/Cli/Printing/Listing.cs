namespace StoriesCli.Cli.Printing;

/// <summary>Prints results in the requested format: the server's JSON, only names, or rows.</summary>
internal static class Listing
{
    /// <param name="session">What prints.</param>
    /// <param name="items">As received from the server.</param>
    /// <param name="headers">Names of the columns.</param>
    /// <param name="name">What <c>--quiet</c> prints of one.</param>
    /// <param name="row">Its columns.</param>
    /// <param name="text">See <see cref="Output.Rows"/>.</param>
    public static void Print<T>(
        Session session,
        IReadOnlyList<T> items,
        string[] headers,
        Func<T, string> name,
        Func<T, string[]> row,
        int? text = null
    )
        where T : class
    {
        if (session.Out.IsJson)
        {
            session.Out.Json(writer =>
            {
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    session.Received!.Of(item).WriteTo(writer);
                }
                writer.WriteEndArray();
            });
        }
        else
        {
            PrintRows(session, items, headers, name, row, text);
        }
    }

    /// <summary>One item; its JSON is not an array.</summary>
    public static void PrintOne<T>(Session session, T item, string[] headers, Func<T, string> name, Func<T, string[]> row, int? text = null)
        where T : class
    {
        if (session.Out.IsJson)
        {
            PrintJson(session, item);
        }
        else
        {
            PrintRows(session, [item], headers, name, row, text);
        }
    }

    public static void PrintJson(Session session, object item) => session.Out.Json(session.Received!.Of(item).WriteTo);

    /// <summary>One item, with related items from another route.</summary>
    public static void PrintJson<T>(Session session, object item, string name, IReadOnlyList<T> belonging)
        where T : class =>
        session.Out.Json(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in session.Received!.Of(item).EnumerateObject())
            {
                property.WriteTo(writer);
            }
            writer.WriteStartArray(name);
            foreach (var one in belonging)
            {
                session.Received!.Of(one).WriteTo(writer);
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>The id of the changed item, if the server returns no content.</summary>
    public static void PrintId(Session session, string id)
    {
        if (session.Out.IsJson)
        {
            session.Out.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteEndObject();
            });
        }
        else
        {
            session.Out.Line(id);
        }
    }

    public static void PrintRows<T>(
        Session session,
        IReadOnlyList<T> items,
        string[] headers,
        Func<T, string> name,
        Func<T, string[]> row,
        int? text = null
    )
    {
        if (session.Out.IsQuiet)
        {
            session.Out.Rows([headers[0]], [.. items.Select(item => new[] { name(item) })]);
        }
        else
        {
            session.Out.Rows(headers, [.. items.Select(row)], text);
        }
    }
}
