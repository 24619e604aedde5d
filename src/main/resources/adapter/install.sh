#!/bin/sh
# Installs the go-cache-adapter that fits the service which this script was fetched from, and puts it on the PATH: by a link
# in ~/.local/bin, or in GitHub's jobs by $GITHUB_PATH. Needs no root.
#
#   curl -fsSL http://cache:8080/adapter/install.sh | sh -s -- [--dir DIR] [--server URL]
#
# DIR: where to, and then without a link; default $XDG_DATA_HOME/go-cache-adapter, or ~/.local/share/go-cache-adapter.
# URL: the service's base URL, where this script cannot know it or it is another one for builds.
set -eu

server='@SERVER@'

# platform, SHA-256, file name
archives='
@ARCHIVES@
'

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# fetch URL FILE: not if it does not come on, or is larger than a gigabyte or two (ulimit counts blocks).
fetch() {
    ulimit -f 2000000 2>/dev/null || :
    if has curl; then
        curl -fsSL -o "$2" --connect-timeout 10 --speed-limit 10000 --speed-time 10 "$1"
    elif has wget; then
        wget -q -O "$2" -T 10 "$1"
    else
        fail "neither curl nor wget is there: install one of them"
    fi
}

# sha256 FILE: sets $sum.
sha256() {
    if has sha256sum; then
        sum=$(sha256sum <"$1")
    elif has shasum; then
        sum=$(shasum -a 256 <"$1")
    else
        fail "neither sha256sum nor shasum is there: install one of them"
    fi
    sum=${sum%% *}
}

# choose PLATFORM: sets $hash and $file if there is an archive for it.
choose() {
    hash=
    file=
    while read -r platform platform_hash platform_file; do
        if [ "$platform" = "$1" ]; then
            hash=$platform_hash
            file=$platform_file
        fi
    done <<END
$archives
END
    [ -n "$file" ]
}

# archive_classes DIR: makes the archive of classes by which the adapter starts in half the time, if its makers could not.
archive_classes() {
    for classes in "$1"/lib/*.jsa; do
        [ ! -e "$classes" ] || return 0
    done
    [ ! -e "$1/lib/classes" ] || "$1/bin/go-cache-adapter" archive-classes >/dev/null 2>&1 </dev/null ||
        echo "install.sh: no archive of classes, so each go command takes longer" >&2
}

# link TARGET NAME: in place of the link that may be there, in one step where mv can do that.
link() {
    ln -s "$1" "$2.$$"
    mv -fT "$2.$$" "$2" 2>/dev/null || mv -fh "$2.$$" "$2" 2>/dev/null || {
        rm -f "$2.$$"
        ln -sfn "$1" "$2"
    }
}

# put_on_path: has shells find the adapter by its name. What fails here is no failure: the printed line names it in full.
put_on_path() {
    if [ -n "${GITHUB_PATH:-}" ]; then
        echo "$dir/$name/bin" >>"$GITHUB_PATH" && echo "on the PATH of the steps that follow: go-cache-adapter" >&2
        return
    fi
    bin=${HOME:-}/.local/bin
    [ $default_dir = true ] && [ -n "${HOME:-}" ] || return 0
    if [ -e "$bin/go-cache-adapter" ] && [ ! -h "$bin/go-cache-adapter" ]; then
        echo "$bin/go-cache-adapter is no link, and stays what it is" >&2
        return
    fi
    if ! mkdir -p "$bin" || ! link "$dir/current/bin/go-cache-adapter" "$bin/go-cache-adapter"; then
        echo "no link to it in $bin, which cannot be written" >&2
        return
    fi
    echo "linked: $bin/go-cache-adapter" >&2
    case :$PATH: in
    *":$bin:"*) ;;
    *) echo "$bin is not on your PATH; to call the adapter by its name: export PATH=\"$bin:\$PATH\"" >&2 ;;
    esac
}

# A function, so that nothing runs of a script that arrived in part.
main() {
    dir=
    while [ $# -gt 0 ]; do
        case $1 in
        --dir=*) dir=${1#*=} ;;
        --server=*) server=${1#*=} ;;
        --dir | --server)
            [ $# -ge 2 ] || fail "$1 needs a value"
            case $1 in
            --dir) dir=$2 ;;
            *) server=$2 ;;
            esac
            shift
            ;;
        *) fail "unknown argument $1; there are --dir DIR and --server URL" ;;
        esac
        shift
    done
    server=${server%/}
    [ -n "$server" ] || fail "say where the service is: --server URL"
    default_dir=false
    if [ -z "$dir" ]; then
        default_dir=true
        [ -n "${XDG_DATA_HOME:-}" ] || [ -n "${HOME:-}" ] || fail "there is no HOME: use --dir DIR"
        dir=${XDG_DATA_HOME:-$HOME/.local/share}/go-cache-adapter
    fi
    case $dir in
    /*) ;;
    *) dir=$PWD/$dir ;;
    esac
    for tool in tar gzip; do
        has "$tool" || fail "$tool is not there: install it"
    done

    case $archives in
    *.tar.gz*) ;;
    *)
        fail "the service at $server offers no adapter: its cache-server.adapter.directory has no archives, or it runs from" \
            "classes without them. Set the directory, or start it as the jar that \`./mvnw -DskipTests package\` makes"
        ;;
    esac

    os=$(uname -s)
    arch=$(uname -m)
    case $os in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    MINGW* | MSYS* | CYGWIN*)
        fail "this script installs nothing on Windows: see \"Windows\" in docs/adapter.md of go-cache-server"
        ;;
    esac
    case $arch in
    amd64) arch=x86_64 ;;
    arm64) arch=aarch64 ;;
    esac
    platform_here=$os-$arch
    for musl in /lib/ld-musl-*; do
        [ ! -e "$musl" ] || platform_here=$platform_here-musl # the runtimes need glibc
    done
    if ! choose "$platform_here"; then
        choose any || fail "the service at $server offers no adapter for $platform_here"
        echo "install.sh: none for $platform_here, so the one that needs an installed Java" >&2
    fi

    # Named by content: what is there is complete, and right.
    name=${file%.tar.gz}-$(printf %.12s "$hash")
    if [ ! -d "$dir/$name" ]; then
        mkdir -p "$dir" || fail "$dir cannot be made: use --dir DIR"
        tmp=$(mktemp -d "$dir/tmp.XXXXXX") || fail "$dir cannot be written: use --dir DIR"
        trap 'rm -rf "$tmp"' EXIT
        trap 'exit 1' HUP INT TERM
        (fetch "$server/adapter/$file" "$tmp/archive") || fail "cannot fetch $server/adapter/$file"
        sha256 "$tmp/archive"
        [ "$sum" = "$hash" ] || fail "$server/adapter/$file is damaged: its SHA-256 is $sum, not $hash"
        gzip -dc <"$tmp/archive" | (cd "$tmp" && tar -xof -) || fail "cannot unpack $file in $tmp"
        "$tmp/${file%.tar.gz}/bin/go-cache-adapter" --version >/dev/null </dev/null ||
            fail "the adapter does not run here"
        archive_classes "$tmp/${file%.tar.gz}"
        # Another install may have been faster.
        mv "$tmp/${file%.tar.gz}" "$dir/$name" 2>/dev/null || [ -d "$dir/$name" ] || fail "cannot write $dir/$name"
        done=installed
    else
        done="already installed"
    fi
    if [ "$(readlink "$dir/current" 2>/dev/null)" != "$name" ]; then
        link "$name" "$dir/current" || fail "cannot write $dir/current"
    fi
    echo "$done: $dir/$name" >&2
    put_on_path || :
    echo "go env -w GOCACHEPROG=\"$dir/current/bin/go-cache-adapter --server $server\" # switches it on for all your builds"
}

main "$@"
