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
        -o "Dir::State::Lists=$lists/lists" -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root -qq
        -o Acquire::Retries=3 -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
    # A mirror that is being renewed fails some of its lists; what is then taken from them decides.
    [ -e "$lists/ready" ] || if apt-get "${options[@]}" update >&2; then touch "$lists/ready"; fi
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
    local ending
    for ending in xz gz bz2; do
        in_pool "$1" "$1_$2.orig.tar.$ending" "$3" "$4" && return
    done
    return 1
}

in_pool() { # source package, name of a file of it, digest, target
    local folder=${1:0:1} pool
    [[ $1 == lib* ]] && folder=${1:0:4}
    for pool in "$mirror/pool/main" "$mirror-security/pool/updates/main"; do
        curl --silent --fail --location --connect-timeout 10 --output "$4" "$pool/$folder/$1/$2" || continue
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
            pool:*:*) place=${place#pool:} && from_pool "${place%%:*}" "${place#*:}" "$digest" "$target" && break ;;
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
    patched "$1" "$folder" || exit 1
    echo "$folder"
}

patched() { # name, folder of its sources: applies Debian's patches to them, if there are any
    local name version digest package archive patch
    read -r name version digest package < <(grep "^$1 " patches.txt) || return 0
    archive=$downloads/$name-$version.debian.tar
    if ! has_digest "$archive" "$digest"; then
        say "fetching Debian's patches of $name $version"
        in_pool "$package" "${package}_$version.debian.tar.xz" "$digest" "$archive" || { rm -f "$archive"; say "no place has them with the pinned digest"; return 1; }
    fi
    tar xf "$archive" -C "$2"
    grep -v '^ *\(#\|$\)' "$2/debian/patches/series" | while read -r patch _; do
        patch --directory "$2" --strip 1 --fuzz 0 --silent --force --input "$2/debian/patches/$patch" >&2 || { say "$name: $patch does not apply"; exit 1; }
    done
}
