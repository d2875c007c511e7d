using System.Collections.Concurrent;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Terminal;

/// <summary>Puts the terminal into raw mode. The thread that Terminal.Gui starts to ask it for input every 20 ms only waits for the end: <see cref="TerminalLoop"/> reads.</summary>
internal sealed class TerminalInput : AnsiInput, IInput<char>
{
    private ConcurrentQueue<char>? _queue;

    /// <summary>Hands characters to Terminal.Gui.</summary>
    public void Add(ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            _queue!.Enqueue(character);
        }
    }

    void IInput<char>.Initialize(ConcurrentQueue<char> inputQueue)
    {
        _queue = inputQueue;
        Initialize(inputQueue);
    }

    void IInput<char>.Run(CancellationToken runCancellationToken) => runCancellationToken.WaitHandle.WaitOne();
}
