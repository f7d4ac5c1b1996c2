# Sourced by build.sh: how each library and program is built.

cmake_library() { cmake_build "$@" && cmake --install "$1/_build"; }
# Programs believe that they live in /opt, where a layer is mounted, and so find their data there.
cmake_program() { cmake_build "$@" -DCMAKE_INSTALL_PREFIX=/opt -DCMAKE_EXE_LINKER_FLAGS=-s; }
keep() { install -D -m 755 -t "$work/stage/opt/bin" "$@"; }

build_zlib() { # Debian's archive lacks the file that its CMake project wants even on Linux
    cd "$1" && CC=folio-cc AR=folio-ar RANLIB=folio-ranlib CHOST=$machine-linux-gnu ./configure --static --prefix="$prefix" && make libz.a install
}
build_libpng() { cmake_library "$1" -DPNG_SHARED=OFF -DPNG_TESTS=OFF -DPNG_TOOLS=OFF; }
build_libjpeg_turbo() { cmake_library "$1" -DCMAKE_INSTALL_LIBDIR="$prefix/lib" -DENABLE_SHARED=OFF -DWITH_TURBOJPEG=OFF -DREQUIRE_SIMD=ON; }
build_tiff() {
    cmake_library "$1" -Dtiff-tools=OFF -Dtiff-tests=OFF -Dtiff-contrib=OFF -Dtiff-docs=OFF -Dcxx=OFF -Djbig=OFF -Dlerc=OFF \
        -Dlzma=OFF -Dwebp=OFF -Dzstd=OFF -Dlibdeflate=OFF
}
build_openjpeg() { cmake_library "$1" -DBUILD_CODEC=OFF; }
build_freetype() { cmake_library "$1" -DFT_DISABLE_BZIP2=ON -DFT_DISABLE_HARFBUZZ=ON -DFT_DISABLE_BROTLI=ON; }
build_expat() {
    local source=$1
    [ -d "$1/expat" ] && source=$1/expat
    cmake_library "$source" -DEXPAT_BUILD_TOOLS=OFF -DEXPAT_BUILD_EXAMPLES=OFF -DEXPAT_BUILD_TESTS=OFF -DEXPAT_BUILD_DOCS=OFF -DEXPAT_SHARED_LIBS=OFF
}
build_fontconfig() {
    # Its programs are left out: they would have to run here. The cache goes where a function may write.
    cd "$1"
    CC=folio-cc AR=folio-ar RANLIB=folio-ranlib ./configure --host="$machine-linux-gnu" --prefix="$prefix" --sysconfdir=/opt/etc \
        --localstatedir=/tmp --with-cache-dir=/tmp/fontconfig --with-default-fonts=/opt/share/fonts --with-baseconfigdir=/opt/etc/fonts \
        --disable-shared --enable-static --disable-docs --disable-nls --disable-cache-build
    make -C fontconfig && make -C src && make -C src install && make -C fontconfig install && make install-pkgconfigDATA
}
build_leptonica() {
    cmake_library "$1" -DBUILD_PROG=OFF -DENABLE_GIF=OFF -DENABLE_WEBP=OFF -DENABLE_OPENJPEG=OFF -DSW_BUILD=OFF
}
build_tesseract() {
    # Its probe for TIFF in Leptonica links what Leptonica needs, and cannot run when cross-compiled.
    printf 'find_package(%s REQUIRED)\n' ZLIB PNG JPEG TIFF >"$1/found.cmake"
    cmake_program "$1" -DCMAKE_PROJECT_INCLUDE="$1/found.cmake" -DLEPT_TIFF_RESULT=0 -DLEPT_TIFF_RESULT__TRYRUN_OUTPUT= -DDISABLE_CURL=ON -DDISABLE_ARCHIVE=ON -DBUILD_TRAINING_TOOLS=OFF -DBUILD_TESTS=OFF -DOPENMP_BUILD=OFF \
        "-DCMAKE_CXX_FLAGS=-DTESSDATA_PREFIX=\\\"/opt/share\\\"" -DGRAPHICS_DISABLED=ON -DSW_BUILD=OFF -DENABLE_NATIVE=OFF -DENABLE_LTO=OFF -DLeptonica_DIR="$prefix/lib/cmake/leptonica"
    keep "$1/_build/bin/tesseract"
}
# Its three programs share one library: linked into each it would be there three times.
build_poppler() {
    targets="pdftoppm pdfinfo pdftotext" cmake_program "$1" -DENABLE_UNSTABLE_API_ABI_HEADERS=OFF -DBUILD_GTK_TESTS=OFF -DBUILD_QT5_TESTS=OFF -DBUILD_QT6_TESTS=OFF \
        -DBUILD_CPP_TESTS=OFF -DBUILD_MANUAL_TESTS=OFF -DENABLE_BOOST=OFF -DENABLE_GLIB=OFF -DENABLE_QT5=OFF -DENABLE_QT6=OFF -DENABLE_CPP=OFF \
        -DENABLE_NSS3=OFF -DENABLE_GPGME=OFF -DENABLE_LIBCURL=OFF -DENABLE_LCMS=OFF -DENABLE_LIBTIFF=OFF -DENABLE_UTILS=ON \
        -DENABLE_GOBJECT_INTROSPECTION=OFF -DENABLE_GTK_DOC=OFF -DWITH_Cairo=OFF -DWITH_NSS3=OFF -DRUN_GPERF_IF_PRESENT=OFF -DCMAKE_CXX_STANDARD_LIBRARIES="$prefix/lib/libexpat.a" \
        -DBUILD_SHARED_LIBS=ON -DCMAKE_SHARED_LINKER_FLAGS="-s -Wl,-Bsymbolic" -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON '-DCMAKE_INSTALL_RPATH=$ORIGIN/../lib'
    keep "$1"/_build/utils/{pdftoppm,pdfinfo,pdftotext}
    rm -rf "$work/stage/opt/lib"
    install -D -m 755 -t "$work/stage/opt/lib" "$1"/_build/libpoppler.so.???  # under the name that programs ask for
}

# Compiled once per change of its recipe, of its sources, or of anything compiled before it.
before=$(cat toolchain.sh build-requirements.txt; declare -f cmake_library cmake_program keep)
once() {
    local stamp
    before=$({ echo "$before"; grep -h "^$1 " sources.txt patches.txt; declare -f "build_${1//-/_}"; } | sha256sum)
    stamp=$work/done-$1-${before:0:16}
    [ -e "$stamp" ] && return
    say "compiling $1 for $arch"
    (sources=$(unpack "$1") && "build_${1//-/_}" "$sources") >"$work/$1.log" 2>&1 || { tail -40 "$work/$1.log" >&2; say "$1 failed; see $work/$1.log"; exit 1; }
    touch "$stamp"
}
