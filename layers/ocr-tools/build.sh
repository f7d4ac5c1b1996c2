#!/usr/bin/env bash
# Builds the ocr-tools layer for one architecture: build.sh x86_64|arm64 TARGET_FOLDER
#
# Everything is compiled by zig (from PyPI) against glibc 2.28 and linked statically but for glibc, so that it starts on
# Amazon Linux 2023 whatever machine built it. Needs Debian or Ubuntu; downloads and compiled libraries are kept in
# $FOLIO_CACHE. Languages besides eng, chi_sim and osd: FOLIO_TESSDATA="fra jpn".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

layer=ocr-tools
arch=$1
target=$2
source ./toolchain.sh
downloads=$cache/downloads
mkdir -p "$downloads"
source ./fetch.sh
source ./compile.sh
source ./data.sh

languages="eng chi_sim osd ${FOLIO_TESSDATA:-}"
need curl:curl gperf:gperf nasm:nasm pkg-config:pkg-config make:make ar:binutils dpkg-source:dpkg-dev patch:patch
toolchain
for step in zlib libpng libjpeg-turbo tiff openjpeg freetype expat fontconfig leptonica tesseract poppler; do
    once "$step"
done
rm -rf "$target" && mkdir -p "$target/bin" "$target/lib"
for program in tesseract pdftoppm pdfinfo pdftotext; do
    install -m 755 "$work/stage/opt/bin/$program" "$target/bin/"
done
install -m 755 "$work"/stage/opt/lib/libpoppler.so.* "$target/lib/"
data "$target"
cp sources.txt patches.txt languages.txt "$target/share/" # which scripts/sbom.py compares
say "built for $arch: $(du -sb "$target" | cut -f1) bytes"
