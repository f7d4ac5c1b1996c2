"""Encodings of text: told by a mark, by what is declared, or by the bytes themselves (chardet)."""

import codecs

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What Python calls encodings of text, among others that take long or are none.
_TEXT = (
    "big5", "cp", "euc", "gb", "hz", "iso", "johab", "koi8", "kz", "latin", "mac", "shift", "tis", "utf-8", "utf-16",
    "utf-32", "ascii", "ptcp",
)  # fmt: skip
_GUESSED_BYTES = 200_000  # from which an encoding is told


def decoded(data: bytes, declared: str = "") -> str:
    """Return text in its encoding: by its mark, as UTF-8, as declared, or as its bytes tell; what is none is U+FFFD."""
    if (text := decode_plain(data)) is not None:
        return text
    names = [name for name in (_known(declared), _known(guessed_encoding(data))) if name]
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode(names[0] if names else "cp1252", "replace")


def _known(name: str) -> str:
    """Return Python's name of an encoding of text, empty for what is none."""
    try:
        matched = codecs.lookup(WIDER.get(name.lower(), name)).name if name else ""
    except (LookupError, ValueError):
        return ""
    return matched if matched and matched.startswith(_TEXT) else ""


# What calls itself the first is often written with characters that only the second has.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932",
          "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "big5": "big5hkscs"}  # fmt: skip


def decode_plain(data: bytes) -> str | None:
    """Return what says itself in which encoding of Unicode it is; None for anything else."""
    for prefix, name in MARKS.items():
        if data.startswith(prefix):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                return None
    try:
        return None if b"\0" in data else data.decode("utf-8")  # UTF-16 without a mark has zeros
    except UnicodeDecodeError:
        return None


def guessed_encoding(data: bytes) -> str:
    import chardet

    return str(chardet.detect(data[:_GUESSED_BYTES])["encoding"] or "")
