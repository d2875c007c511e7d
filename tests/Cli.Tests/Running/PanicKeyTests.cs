using System.Text;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Cli.Running;

namespace StoriesCli.Cli.Tests.Running;

public sealed class PanicKeyTests
{
    private const string Key = "\x1c";

    private readonly FakeTimeProvider _clock = new();
    private readonly List<byte> _typed = [];
    private readonly PanicKey _key;
    private int _pressed;

    public PanicKeyTests() => _key = new(() => _pressed++, _clock);

    [Fact]
    public void Twice_within_a_second_it_ends_the_watching_and_never_reaches_the_command()
    {
        Type("a" + Key);
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        Type(Key + "b");

        (_pressed, Typed).Should().Be((1, "ab"));
        Type(Key + Key);
        (_pressed, Typed).Should().Be((1, "ab" + Key + Key), "then there is nothing left to end");
    }

    [Fact]
    public void Alone_it_reaches_the_command_a_second_later_or_before_the_next_key()
    {
        Type(Key);
        (Typed, _key.Wait).Should().Be(("", 1000));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _key.Release(_typed);
        (Typed, _key.Wait).Should().Be((Key, -1));

        Type(Key + "x" + Key);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Type(Key);

        (_pressed, Typed).Should().Be((0, Key + Key + "x" + Key));
    }

    private string Typed => Encoding.ASCII.GetString([.. _typed]);

    private void Type(string keys) => _key.Take(Encoding.ASCII.GetBytes(keys), _typed);
}
