using System.Text.Json;
using StoriesCli.Repo.Tests.OpenApi;
using StoriesCli.Testing;

namespace StoriesCli.Repo.Tests;

/// <summary>The description of the API is the code's, complete, and such as other people's programs can read.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public void Every_route_says_what_it_is_for()
    {
        Route
            .All.Where(route => route.About is null)
            .Select(route =>
                $"{route.Method} {route.Path}: add .Describe(new(Tags.…, \"operationId\", \"Summary\") {{ Body, Answers, Refusals … }}) to its Map… call; see src/Server/Http/RouteDocs.cs"
            )
            .Should()
            .BeEmpty();
        Route.All.Should().HaveCountGreaterThan(40);
    }

    [Fact]
    public void Every_route_says_who_may_use_it() =>
        Route
            .All.Where(route => !route.IsDecided)
            .Select(route => $"{route.Method} {route.Path}: add either .RequireAuthorization(Policies.…) or .AllowAnonymous()")
            .Should()
            .BeEmpty();

    [Fact]
    public void Every_operation_has_an_id_of_its_own_and_an_answer()
    {
        Route.Documented.Should().OnlyHaveUniqueItems(route => route.Id);
        Route
            .Documented.Where(route => route.About!.Answers is [] || route.About.Summary.EndsWith('.'))
            .Select(route => route.Id)
            .Should()
            .BeEmpty();
        Route
            .Documented.Select(route => route.About!.Tag)
            .Distinct()
            .Except(OpenApiWords.Tags.Select(tag => tag.Name))
            .Should()
            .BeEmpty("OpenApiWords says what each chapter is about");
    }

    [Fact]
    public async Task The_server_answers_with_the_document()
    {
        await using var host = await ServerHost.StartAsync();
        using var anyone = host.Wire(null);

        (await anyone.GetAsync("/openapi/v1.json"))
            .Text.Should()
            .Be(Repository.Read("docs/openapi.json"), "it was built into the server, which is built anew after the document has changed");
    }

    [Fact]
    public async Task A_public_linter_passes_the_document()
    {
        var folder = Path.Combine(Repository.Root, "tests", "openapi-lint");
        var redocly = Path.Combine(folder, "node_modules", ".bin", "redocly");
        File.Exists(redocly).Should().BeTrue("script/test installs it: npm ci in tests/openapi-lint");

        var run = await CommandRun.OfAsync(
            new(redocly, ["lint", "--format=json", Path.Combine(Repository.Root, "docs", "openapi.json")])
            {
                WorkingDirectory = folder,
                Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            }
        );

        run.Succeeded();
        var found = JsonDocument.Parse(run.Out).RootElement;
        found.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("message").GetString()).Should().BeEmpty();
        found.GetProperty("totals").GetProperty("warnings").GetInt32().Should().Be(0);
    }
}
