# Sourced by build.sh: zig as a cross compiler for glibc 2.28, with CMake and ninja. The same file stands in both layers,
# because SAM builds each in a copy of its own folder; a test holds the two equal.

base=${FOLIO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/folio}
cache=$base/$layer
work=$cache/work-$arch
prefix=$work/prefix
export ZIG_GLOBAL_CACHE_DIR=$base/zig ZIG_LOCAL_CACHE_DIR=$base/zig
mkdir -p "$work/src" "$prefix"

say() { echo "$layer: $*" >&2; }

case $arch in
    x86_64) zig_target=x86_64-linux-gnu.2.28 cpu=haswell machine=x86_64 ;;
    arm64) zig_target=aarch64-linux-gnu.2.28 cpu=neoverse_n1 machine=aarch64 ;;
    *) echo "architecture must be x86_64 or arm64" >&2; exit 2 ;;
esac

# Debian packages that the build itself needs: command:package …
need() {
    local pair missing=() root=()
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    say "installing ${missing[*]}"
    { "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2
}

# zig's compiler and tools as the single commands that CMake and configure expect.
toolchain() {
    local bin=$work/bin tools name
    tools=$base/tools-$(sha256sum <build-requirements.txt | cut -c1-16)
    mkdir -p "$base"
    ( # One at a time: two layers may be built at once.
        flock 9
        if [ ! -e "$tools/ready" ]; then
            say "installing zig, CMake and ninja"
            python3 -c 'import ensurepip' 2>/dev/null || need no-such-command:python3-venv
            python3 -m venv "$tools"
            "$tools/bin/pip" install --quiet --disable-pip-version-check -r build-requirements.txt
            touch "$tools/ready"
        fi
    ) 9>"$tools.lock"
    export PATH=$bin:$tools/bin:$PATH
    mkdir -p "$bin"
    zig=$(echo "$tools"/lib/python*/site-packages/ziglang/zig)
    printf '#!/bin/sh\nexec "%s" cc -target %s -mcpu=%s "$@"\n' "$zig" "$zig_target" "$cpu" >"$bin/folio-cc"
    printf '#!/bin/sh\nexec "%s" c++ -target %s -mcpu=%s "$@"\n' "$zig" "$zig_target" "$cpu" >"$bin/folio-c++"
    for name in ar ranlib; do printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$zig" "$name" >"$bin/folio-$name"; done
    chmod +x "$bin"/*
    cat >"$work/toolchain.cmake" <<CMAKE
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $machine)
set(CMAKE_C_COMPILER $bin/folio-cc)
set(CMAKE_CXX_COMPILER $bin/folio-c++)
set(CMAKE_AR $bin/folio-ar)
set(CMAKE_RANLIB $bin/folio-ranlib)
set(CMAKE_FIND_ROOT_PATH $prefix)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
CMAKE
    export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig PKG_CONFIG_PATH=
}

cmake_build() { # source folder, CMake options…
    local source=$1
    shift
    rm -rf "$source/_build"
    cmake -S "$source" -B "$source/_build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_POLICY_VERSION_MINIMUM=3.5 "$@"
    # shellcheck disable=SC2086 (several targets)
    cmake --build "$source/_build" --target ${targets:-all}
}
