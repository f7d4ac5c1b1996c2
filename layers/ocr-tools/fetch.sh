# Sourced by build.sh: pinned archives and language data, into $downloads.

has_digest() { [ -s "$1" ] && echo "$2  $1" | sha256sum --check --status; }

# A package list of Debian 13's own, wherever the build runs; apt checks its signatures.
debian() {
    local lists=$downloads/debian
    local key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$key" ] || need no-such-command:debian-archive-keyring # on Ubuntu
    if [ ! -e "$lists/ready" ]; then
        mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
        printf '%s [signed-by=%s] http://deb.debian.org/debian trixie main\n' deb "$key" deb-src "$key" >"$lists/sources.list"
    fi
    local options=(-o "Dir::Etc::SourceList=$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$lists/lists" -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root -qq)
    [ -e "$lists/ready" ] || { apt-get "${options[@]}" update && touch "$lists/ready"; } >&2
    "$@" "${options[@]}"
}

from_debian() { # source package, digest, target
    local folder
    folder=$(mktemp -d "$downloads/src.XXXX")
    (cd "$folder" && debian apt-get source --download-only "$1" >/dev/null 2>&1) || true
    find "$folder" -name '*.orig.tar.*' ! -name '*.asc' | while read -r archive; do
        if has_digest "$archive" "$2"; then mv "$archive" "$3"; fi
    done
    rm -rf "$folder"
    has_digest "$3" "$2"
}

fetch() { # name -> prints the path of its archive
    local name version digest places place target
    read -r name version digest places < <(grep "^$1 " sources.txt)
    target=$downloads/$name-$version.tar
    has_digest "$target" "$digest" && { echo "$target"; return; }
    for place in $places; do
        say "fetching $name $version from $place"
        case $place in
            debian:*) from_debian "${place#debian:}" "$digest" "$target" && break ;;
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
