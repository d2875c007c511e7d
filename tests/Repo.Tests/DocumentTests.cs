using StoriesCli.Contracts;
using StoriesCli.Repo.Tests.OpenApi;

namespace StoriesCli.Repo.Tests;

/// <summary>Documents that are a table of the code: one list, not two. With <c>STORIES_WRITE_DOCS=1</c> they are written anew.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void The_page_of_errors_is_the_table_of_errors() => Check("docs/errors.md", ErrorPage.Render());

    [Fact]
    public void The_page_of_options_is_the_table_of_options() => Check("docs/config.md", OptionPage.Render());

    [Fact]
    public void The_manual_of_the_server_has_its_options_and_commands() => Check("docs/man/stories-server.8", ServerManual.Render());

    [Fact]
    public void The_keys_on_the_page_of_the_terminal_are_the_table_of_keys() => Check("docs/tui.md", KeyPage.Render(Repository.Root));

    [Fact]
    public void The_screens_on_the_page_of_the_terminal_are_those_of_its_tests() =>
        Check("docs/tui.md", ScreenPage.Render(Repository.Root));

    [Fact]
    public void The_description_of_the_api_is_the_table_of_endpoints() => Check("docs/openapi.json", OpenApiDocument.Render());

    [Fact]
    public void The_page_of_the_api_has_the_table_of_endpoints() => Check("docs/api.md", RouteTable.Renew(Repository.Read("docs/api.md")));

    [Fact]
    public void Every_error_is_in_its_table_with_cause_and_remedy()
    {
        var declared = typeof(Errors)
            .GetFields()
            .Where(field => field.FieldType == typeof(ErrorCode))
            .Select(field => (ErrorCode)field.GetValue(null)!);

        Errors.All.Should().BeEquivalentTo(declared).And.OnlyHaveUniqueItems(error => error.Code);
        Errors.All.Should().OnlyContain(error => error.Cause.Length > 0 && error.Remedy.Length > 0 && error.Title.Length > 0);
    }

    private static void Check(string path, string expected)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("STORIES_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, expected);
        }
        (File.Exists(file) ? File.ReadAllText(file) : "")
            .Should()
            .Be(expected, "{0} is rendered from the code: STORIES_WRITE_DOCS=1 dotnet test tests/Repo.Tests writes it", path);
    }
}
