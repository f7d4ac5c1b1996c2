# Sourced by build.sh: what the programs read when they run.

data() { # target
    local share=$1/share
    mkdir -p "$share/fonts" "$1/etc/fonts"
    language_data "$share/tessdata"
    install_cmaps "$share"
    install_fonts "$share/fonts"
    cp fonts.conf "$1/etc/fonts/fonts.conf"
    licenses "$share/licenses"
}

language_data() { # folder
    local name deb file
    mkdir -p "$1"
    cp -r "$(unpack tesseract)/tessdata/configs" "$1/"
    for name in $languages; do
        file=$downloads/$name.traineddata
        if [ ! -s "$file" ]; then
            say "fetching language data for $name"
            deb=$(mktemp -d "$downloads/deb.XXXX")
            (cd "$deb" && debian apt-get download "tesseract-ocr-${name//_/-}" && ar x ./*.deb && tar xf data.tar.*) >/dev/null
            find "$deb" -name "$name.traineddata" -exec mv {} "$file" \;
            rm -rf "$deb"
        fi
        pinned_language "$name" "$file" || { say "the data of $name is not the pinned one"; rm -f "$file"; exit 1; }
        cp "$file" "$1/"
    done
}

# What apt verified is enough for languages that somebody adds; ours are pinned.
pinned_language() { ! grep -q "^$1 " languages.txt || grep -q "^$1 $(sha256sum <"$2" | cut -d' ' -f1)$" languages.txt; }

install_cmaps() { make -s -C "$(unpack poppler-data)" install prefix=/ datadir=/ DESTDIR="$1" >/dev/null && rm -rf "$1/pkgconfig"; }

install_fonts() { # folder
    local urw name
    urw=$(unpack urw-base35)
    # The fourteen that every PDF reader must have, by their Adobe names: Courier, Helvetica, Times, Symbol, Dingbats.
    for name in NimbusMonoPS-{Regular,Bold,Italic,BoldItalic} NimbusSans-{Regular,Bold,Italic,BoldItalic} \
        NimbusRoman-{Regular,Bold,Italic,BoldItalic} StandardSymbolsPS D050000L; do
        cp "$urw/fonts/$name.otf" "$1/"
    done
    cp "$(unpack wqy-microhei)"/*.ttc "$1/"
}

# The layer is handed on: what its parts ask for is in it.
licenses() { # folder
    local name
    for name in $(grep -v '^#' sources.txt | cut -d' ' -f1); do
        mkdir -p "$1/$name"
        find "$work/src/$name" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYING*' -o -iname 'FTL.TXT' -o -iname 'leptonica-license.txt' \) -exec cp {} "$1/$name/" \;
    done
}
