# Sourced by build.sh: pinned archives and language data, into $downloads.

mirror=http://deb.debian.org/debian # nothing from it is taken without its pinned digest or apt's signature

has_digest() { [ -s "$1" ] && echo "$2  $1" | sha256sum --check --status; }

# A package list of Debian 13's own, wherever the build runs; apt checks its signatures.
debian() {
    local lists=$downloads/debian
    local key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$key" ] || need no-such-command:debian-archive-keyring # on Ubuntu
    if [ ! -e "$lists/ready" ]; then
        mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
        printf '%s [signed-by=%s] %s trixie main\n' deb "$key" "$mirror" deb-src "$key" "$mirror" >"$lists/sources.list"
    fi
    local options=(-o "Dir::Etc::SourceList=$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$lists/lists" -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root -qq)
    [ -e "$lists/ready" ] || { apt-get "${options[@]}" update && touch "$lists/ready"; } >&2
    "$@" "${options[@]}"
}

from_debian() { # source package, version, digest, target
    local folder
    folder=$(mktemp -d "$downloads/src.XXXX")
    (cd "$folder" && debian apt-get source --download-only "$1" >/dev/null 2>&1) || true
    find "$folder" -name '*.orig.tar.*' ! -name '*.asc' | while read -r archive; do
        if has_digest "$archive" "$3"; then mv "$archive" "$4"; fi
    done
    rm -rf "$folder"
    has_digest "$4" "$3" || from_pool "$@"
}

# Debian 13 moves on to newer versions; the archive keeps older ones for a good while, though no list names them.
from_pool() { # as above
    local folder=${1:0:1} ending
    [[ $1 == lib* ]] && folder=${1:0:4}
    for ending in xz gz bz2; do
        curl --silent --fail --location --connect-timeout 10 --output "$4" "$mirror/pool/main/$folder/$1/${1}_$2.orig.tar.$ending" || continue
        has_digest "$4" "$3" && return
    done
    return 1
}

fetch() { # name -> prints the path of its archive
    local name version digest places place target
    read -r name version digest places < <(grep "^$1 " sources.txt)
    target=$downloads/$name-$version.tar
    has_digest "$target" "$digest" && { echo "$target"; return; }
    for place in $places; do
        say "fetching $name $version from $place"
        case $place in
            debian:*) from_debian "${place#debian:}" "$version" "$digest" "$target" && break ;;
            *) curl --silent --fail --location --connect-timeout 10 --output "$target" "$place" && has_digest "$target" "$digest" && break ;;
        esac
        rm -f "$target"
    done
    [ -s "$target" ] || { say "no place has $name $version with the pinned digest"; exit 1; }
    echo "$target"
}

unpack() { # name -> prints the folder of its sources, fresh
    local archive folder
    archive=$(fetch "$1")
    folder=$work/src/$1
    rm -rf "$folder" && mkdir -p "$folder"
    tar xf "$archive" -C "$folder" --strip-components=1
    echo "$folder"
}
