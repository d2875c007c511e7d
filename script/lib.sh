# What script/demo and script/dev share: a build from source, a server of its own, and three stories in it. It is sourced.
# shellcheck shell=bash
# Its caller sets name and root, and calls clean_up when it ends.

say() { printf '%s: %s\n' "${name:?}" "$*"; }
fail() { printf '%s: %s\n' "${name:?}" "$*" >&2; exit 1; }

work='' server='' builder='' url='' programs=''
stop_group() {
    [ -n "$1" ] || return 0
    local signal=TERM deadline=$((SECONDS + 5))
    # What was begun has to be over before its files are taken away.
    while kill -"$signal" -- "-$1"; do
        [ "$SECONDS" -lt "$deadline" ] || signal=KILL
        sleep 0.05
    done
    wait "$1" || true
} 2>/dev/null # "dotnet watch" ends only when it is killed, which the shell would report.
clean_up() {
    trap '' INT TERM HUP
    stop_group "$builder"
    stop_group "$server"
    [ -z "$work" ] || rm -rf "$work"
}

# Makes a directory of its own, and keeps the user's servers, tokens and settings out of it.
prepare() {
    local variable
    for variable in "${!STORIES_@}"; do unset "$variable"; done
    command -v dotnet >/dev/null || fail 'the .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download or your distribution, and run this again.'
    dotnet --version >/dev/null 2>&1 </dev/null || fail "no .NET SDK 10 was found, only other versions: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -)."
    [ -w "${root:?}" ] || fail "the build writes into $root, which you may not: clone it to a directory of your own."
    work=$(mktemp -d "${TMPDIR:-/tmp}/stories-$name.XXXXXX" 2>/dev/null) || fail "no temporary directory can be made in ${TMPDIR:-/tmp}: check its permissions and its free space."
    export TMPDIR=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state XDG_DATA_HOME=$work/share
    export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
    # All of this is over before what .NET does for long runs pays: profiles of its own code, and pages that are never writable and executable at once.
    export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
    # Programs that are not native look for the runtime, and know only its usual places.
    local sdk
    sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
    if [ -d "$sdk/shared" ]; then export DOTNET_ROOT=$sdk; fi
}

# Builds both programs for debugging, with more options for the build. The compiler server is of this build alone, and ends with its process group.
build() {
    say 'builds the programs; the first time takes a minute'
    set -m
    {
        # One project names both: a solution would build the tests, too.
        dotnet build "$root/script/programs.proj" -c Debug -v q --nologo -p:RunAnalyzers=false -p:UseSharedCompilation=true \
            "-p:SharedCompilationId=stories-$$" "$@"
    } >"$work/build.log" 2>&1 </dev/null &
    builder=$!
    set +m
    wait "$builder" || { cat "$work/build.log" >&2; fail 'the build failed, for the reason above.'; }
    stop_group "$builder"
    builder=''
    programs=$root/artifacts/bin/Cli/debug:$root/artifacts/bin/Server/debug
    PATH=$programs:$PATH
}

# Runs "$@ --data … --listen …" and waits until it listens: sets url.
start_server() {
    set -m
    "$@" --data "$work/data" --listen http://127.0.0.1:0 --disk-floor 0 >"$work/server.log" 2>&1 </dev/null &
    server=$!
    set +m
    local deadline=$((SECONDS + 60))
    until url=$(grep -oE -m1 'listens on http://127\.0\.0\.1:[0-9]+' "$work/server.log"); do
        kill -0 "$server" 2>/dev/null || fail "the server did not start: $(tail -n 1 "$work/server.log")"
        [ "$SECONDS" -lt "$deadline" ] || fail "the server did not start within 60 seconds: $(tail -n 1 "$work/server.log")"
        sleep 0.05
    done
    url=${url#listens on }
}

step() {
    local word line=''
    for word in "${@:2}"; do
        case $word in *' '*) line+=" '$word'" ;; *) line+=" $word" ;; esac
    done
    say "$1:$line"
    "${@:2}" --quiet >/dev/null || fail "that failed: ${*:2}"
}

post_samples() {
    say "joins it with the invite of its first start: stories join $url --handle ana"
    stories join "$url" --handle ana --name Ana --quiet <"$work/data/owner-invite" >/dev/null || fail "joining $url failed."
    cd "$root" || fail "$root cannot be entered."
    step 'posts a photo' stories post samples/photo.jpg --caption 'Evening at the lake' --ttl 6h
    step 'posts a video' stories post samples/video.mp4 --caption 'And the sun is gone' --ttl 6h --tag lake
    step 'posts a text card' stories post samples/card.txt --caption 'What is new' --ttl 7d
}
