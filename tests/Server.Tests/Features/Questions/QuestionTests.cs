using System.Net;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Questions;

public sealed class QuestionTests
{
    [Fact]
    public async Task Stories_answer_the_question_and_each_sees_the_answers_that_are_for_them()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = await host.SignInAsync("bob");
        var cem = await host.SignInAsync("cem");
        using var dan = host.Wire(await host.JoinAsync("dan"));
        var question = (await PutAsync(ana, """{ "text": "What did\nyou learn?" }""")).Json;
        var id = question.GetProperty("id").GetString()!;

        var open = await bob.Stories.PostTextAsync(new NewStory { Text = "patience", Answers = id }, "1");
        var secret = await bob.Stories.PostTextAsync(
            new NewStory
            {
                Text = "for cem",
                Answers = id,
                Audience = ["cem"],
            },
            "2"
        );
        var photo = await cem.Stories.PostAsync(
            new NewStory { Answers = id },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "3",
            progress: null
        );
        await cem.Stories.PostTextAsync(new NewStory { Text = "something else" }, "4");

        question.GetProperty("text").GetString().Should().Be("What did you learn?");
        open.Answers.Should().Be(id);
        (await cem.Questions.ListAnswersAsync(id)).Select(s => s.Id).Should().Equal(photo.Id, secret.Id, open.Id);
        (await cem.Questions.GetAsync()).AnswerCount.Should().Be(3);
        (await dan.GetAsync($"/v1/question/{id}/answers")).Text.Should().NotContain(secret.Id);
        (await dan.GetAsync("/v1/question"))
            .Json.GetProperty("answerCount")
            .GetInt32()
            .Should()
            .Be(2, "a count tells a stranger nothing either");
        await host.RestartAsync();
        (await dan.GetAsync("/v1/question")).Json.GetProperty("asker").GetProperty("handle").GetString().Should().Be("ana");
        (await dan.GetAsync($"/v1/question/{id}/answers")).Json.GetProperty("items").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task A_question_is_asked_for_a_day_and_its_answers_stay_to_be_read()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        (await ana.GetAsync("/v1/question")).Code.Should().Be("question_not_found");
        var first = (await PutAsync(ana, """{ "text": "One?" }""")).Json.GetProperty("id").GetString();
        host.Clock.Advance(TimeSpan.FromHours(1));
        var corrected = (await PutAsync(ana, """{ "text": "Uno?" }""")).Json;
        (corrected.GetProperty("id").GetString(), corrected.GetProperty("text").GetString()).Should().Be((first, "Uno?"));
        await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "x", "ttl": "7d", "answers": "{{first}}" }""");

        await host.RestartAsync(away: TimeSpan.FromHours(23) - TimeSpan.FromMilliseconds(1));
        (await ana.GetAsync("/v1/question")).Status.Should().Be(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await ana.GetAsync("/v1/question")).Code.Should().Be("question_not_found");
        (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "late", "answers": "{{first}}" }"""))
            .Detail.Should()
            .Contain("answers")
            .And.Contain(first);
        (await ana.GetAsync($"/v1/question/{first}/answers")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        (await PutAsync(ana, """{ "text": "Two?" }""")).Json.GetProperty("id").GetString().Should().NotBe(first);
        (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "late", "answers": "{{first}}" }""")).Code.Should().Be("invalid_request");
        await host.RestartAsync(away: TimeSpan.FromDays(6.5));
        (await ana.GetAsync($"/v1/question/{first}/answers"))
            .Json.GetProperty("items")
            .GetArrayLength()
            .Should()
            .Be(0, "an answer ends as any story");
    }

    [Fact]
    public async Task A_question_in_other_words_gets_the_account_that_wrote_them_as_its_asker_and_the_audit_notes_it()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var eve = host.Wire(await host.JoinAsync("eve", Roles.Admin));
        var first = (await PutAsync(ana, """{ "text": "What went well?" }""")).Json;
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        AskerOf(await PutAsync(eve, """{ "text": "What went well?" }""")).Should().Be("ana", "the words are hers");

        var reworded = await PutAsync(eve, """{ "text": "Who is to blame?" }""");
        await host.RestartAsync();

        AskerOf(reworded).Should().Be("eve");
        AskerOf(await ana.GetAsync("/v1/question")).Should().Be("eve");
        foreach (var stays in (string[])["id", "askedAt", "endsAt"])
        {
            reworded.Json.GetProperty(stays).GetString().Should().Be(first.GetProperty(stays).GetString());
        }
        var noted = (await ana.GetAsync("/v1/admin/audit"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Where(entry => entry.GetProperty("action").GetString() == "question.reworded")
            .ToList();
        noted
            .Select(entry =>
                (entry.GetProperty("actor").GetString(), entry.GetProperty("subject").GetString(), entry.GetProperty("detail").GetString())
            )
            .Should()
            .Equal(("eve", first.GetProperty("id").GetString(), "in place of ana's words"));
    }

    [Fact]
    public async Task Only_an_admin_asks_within_the_limits_and_once_a_key()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));

        (await PutAsync(bob, """{ "text": "Me?" }""")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await PutAsync(ana, """{ "text": "" }""")).Detail.Should().Contain("text");
        (await PutAsync(ana, $$"""{ "text": "{{new string('x', 141)}}" }""")).Detail.Should().Contain("140").And.Contain("141");
        (await bob.GetAsync("/v1/question/01aaaaaaaaaaaaaaaaaaaaaaaa/answers")).Code.Should().Be("question_not_found");
        var first = (await PutAsync(ana, """{ "text": "One?" }""", ("Idempotency-Key", "k"))).Json.GetProperty("id").GetString();
        await PutAsync(ana, """{ "text": "Two?" }""");
        var again = (await PutAsync(ana, """{ "text": "One?" }""", ("Idempotency-Key", "k"))).Json;
        (again.GetProperty("id").GetString(), again.GetProperty("text").GetString())
            .Should()
            .Be((first, "Two?"), "a repeated key has no second effect");
    }

    [Fact]
    public async Task Leaving_takes_the_question_along_and_leaves_what_others_answered()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        using var adm = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var id = (await PutAsync(adm, """{ "text": "Why?" }""")).Json.GetProperty("id").GetString();
        var answer = (await bob.PostJsonAsync("/v1/stories", $$"""{ "text": "because", "answers": "{{id}}" }"""))
            .Json.GetProperty("id")
            .GetString();

        await adm.SendAsync(HttpMethod.Delete, "/v1/me", null);

        (await bob.GetAsync("/v1/question")).Code.Should().Be("question_not_found");
        (await bob.GetAsync($"/v1/question/{id}/answers")).Code.Should().Be("question_not_found");
        (await bob.GetAsync($"/v1/stories/{answer}")).Status.Should().Be(HttpStatusCode.OK);
    }

    private static string? AskerOf(WireAnswer question) => question.Json.GetProperty("asker").GetProperty("handle").GetString();

    private static Task<WireAnswer> PutAsync(Wire who, string json, params (string, string)[] headers) =>
        who.SendAsync(HttpMethod.Put, "/v1/question", new StringContent(json, System.Text.Encoding.UTF8, "application/json"), headers);
}
