namespace StoriesCli.Cli.Completion;

/// <summary>Completion scripts. They call <c>stories complete</c>, and offer files if it returns nothing.</summary>
internal static class ShellScripts
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static string For(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "has no script"),
        };

    private const string Bash = """
        _stories() {
            local candidate
            COMPREPLY=()
            while IFS= read -r candidate; do
                COMPREPLY+=("${candidate%%$'\t'*}")
            done < <(stories complete -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
        }
        complete -o default -F _stories stories

        """;

    private const string Zsh = """
        #compdef stories
        _stories() {
            local -a candidates
            local candidate
            while IFS= read -r candidate; do
                candidate=${candidate//:/\\:}
                candidates+=("${candidate/$'\t'/:}")
            done < <(stories complete -- "${LBUFFER}" 2>/dev/null)
            if (( ${#candidates} )); then
                _describe -V stories candidates
            else
                _files
            fi
        }
        compdef _stories stories

        """;

    private const string Fish = """
        function __stories_complete
            set -l candidates (stories complete -- (commandline -cp) 2>/dev/null)
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c stories -f -k -a '(__stories_complete)'

        """;
}
