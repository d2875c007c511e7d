namespace StoriesCli.Acceptance;

/// <summary>What the documents call but do not show: the reader's own scripts.</summary>
internal static class Scripts
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void WriteTo(string folder)
    {
        foreach (
            var (name, script) in (IEnumerable<(string, string)>)
                [
                    ("test.sh", "echo 12 tests passed"),
                    ("backup.sh", "echo done"),
                    ("make-screenshot.sh", "cp photo.jpg \"$1\""),
                    ("deploy", "echo deployed"),
                    ("notify-send", "echo \"$@\""),
                    ("ssh", "cat >/dev/null"),
                    ("scp", "true"),
                    ("gh", "[ -n \"$3\" ] && { [ $# -gt 3 ] || grep -q ^sty_; }"),
                    ("glab", "[ -n \"$3\" ] && { [ \"$4\" != --masked ] || grep -q ^sty_; }"),
                ]
        )
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(path, Executable);
        }
    }
}
