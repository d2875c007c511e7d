namespace StoriesCli.Cli.Running;

/// <summary>
/// Ctrl-\ twice within a second. The first one is held back until it is clear that no second one comes, because it would end the command.
/// </summary>
/// <param name="press">Called once, when it was pressed.</param>
/// <param name="clock">Tells how long the first one is held.</param>
internal sealed class PanicKey(Action press, TimeProvider clock)
{
    private const byte Key = 0x1c;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    private long? _heldAt;
    private bool _isPressed;

    /// <summary>How long to wait for more keys, in milliseconds; -1 for as long as it takes.</summary>
    public int Wait => _heldAt is { } held ? (int)Math.Ceiling(Math.Max(0, (Within - clock.GetElapsedTime(held)).TotalMilliseconds)) : -1;

    /// <summary>Passes on keys, but the panic key.</summary>
    public void Take(ReadOnlySpan<byte> keys, List<byte> typed)
    {
        foreach (var key in keys)
        {
            Release(typed);
            if (key != Key || _isPressed)
            {
                PassHeld(typed);
                typed.Add(key);
            }
            else if (_heldAt is null)
            {
                _heldAt = clock.GetTimestamp();
            }
            else
            {
                (_heldAt, _isPressed) = (null, true);
                press();
            }
        }
    }

    /// <summary>Passes on a first one that stayed alone.</summary>
    public void Release(List<byte> typed)
    {
        if (_heldAt is { } held && clock.GetElapsedTime(held) >= Within)
        {
            PassHeld(typed);
        }
    }

    private void PassHeld(List<byte> typed)
    {
        if (_heldAt is not null)
        {
            _heldAt = null;
            typed.Add(Key);
        }
    }
}
