"""Fonts (ISO 19005-2, 6.2.11): their programs have to be in the file, and fit to what the file says of them.

Widths of glyphs are not compared with those of the program.
"""

from struct import unpack
from typing import Any

from folio.outputs.pdf.pdfa.refusal import Forbidden, array, get

_PROGRAMS = {
    "/Type1": ("/Type1C", "/OpenType"),
    "/MMType1": ("/Type1C", "/OpenType"),
    "/TrueType": ("/OpenType",),
    "/CIDFontType0": ("/CIDFontType0C", "/OpenType"),
    "/CIDFontType2": ("/OpenType",),
}
_SYMBOLIC, _NONSYMBOLIC = 4, 32
_ROMAN = ("/MacRomanEncoding", "/WinAnsiEncoding")
_IDENTITY = ("/Identity-H", "/Identity-V")
# Ordering of the characters -> the CMaps for them that readers have (ISO 32000-1, table 118), without -H and -V.
_CMAPS = {
    "GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2 UniJIS-UCS2-HW UniJIS-UTF16",
    "Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
_MISSING = "a font is not in the file"
_DAMAGED = "a font in it is damaged"
_UNFIT = "what it says of a font does not fit to the font's program"


def check_font(font: Any) -> None:
    """Raise Forbidden for a font that PDF/A does not allow. Glyphs of a Type 3 font are for the caller."""
    kind = get(font, "/Subtype")
    if kind == "/Type0":
        _check_composite(font)
    elif kind in ("/Type1", "/MMType1", "/TrueType"):
        _check_program(font, kind)
        if any(get(font, name) is None for name in ("/FirstChar", "/LastChar", "/Widths")):
            raise Forbidden("it does not say how wide the characters of a font are")
        if kind == "/TrueType":
            _check_truetype(font)
    elif kind != "/Type3":
        raise Forbidden(_DAMAGED)


def _check_program(font: Any, kind: str) -> None:
    descriptor = get(font, "/FontDescriptor")
    usual = "/FontFile" if kind in ("/Type1", "/MMType1") else "/FontFile2"
    if kind != "/CIDFontType0" and get(descriptor, usual) is not None:
        return
    compact = get(descriptor, "/FontFile3")
    if compact is None:
        raise Forbidden(_MISSING)
    if get(compact, "/Subtype") not in _PROGRAMS[kind]:
        raise Forbidden(_UNFIT)


def _check_composite(font: Any) -> None:
    descendants = array(font, "/DescendantFonts")
    kind = get(descendants[0], "/Subtype") if descendants else None
    if kind not in ("/CIDFontType0", "/CIDFontType2"):
        raise Forbidden(_DAMAGED)
    _check_program(descendants[0], kind)
    encoding = get(font, "/Encoding")
    if isinstance(encoding, dict):
        base = get(encoding, "/UseCMap")
        if base is not None and (not isinstance(base, str) or _ordering(base) is None):
            raise Forbidden("a font is encoded as not every reader knows")
    elif encoding not in _IDENTITY:
        ordering = _ordering(encoding) if isinstance(encoding, str) else None
        if ordering is None:
            raise Forbidden("a font is encoded as not every reader knows")
        if get(get(descendants[0], "/CIDSystemInfo"), "/Ordering") != ordering:
            raise Forbidden(_UNFIT)


def _ordering(name: str) -> str | None:
    if name in ("/H", "/V"):
        return "Japan1"
    base, _, direction = name[1:].rpartition("-")
    if direction not in ("H", "V"):
        return None
    return next((ordering for ordering, names in _CMAPS.items() if base in names.split()), None)


def _check_truetype(font: Any) -> None:
    descriptor = get(font, "/FontDescriptor")
    flags = get(descriptor, "/Flags")
    symbolic, nonsymbolic = (isinstance(flags, int) and bool(flags & bit) for bit in (_SYMBOLIC, _NONSYMBOLIC))
    if symbolic == nonsymbolic:
        raise Forbidden(_UNFIT)
    encoding = get(font, "/Encoding")
    tables = _cmaps(get(descriptor, "/FontFile2") or get(descriptor, "/FontFile3"))
    if symbolic:
        fits = encoding is None and (len(tables) == 1 or (3, 0) in tables)
    else:
        if isinstance(encoding, dict) and get(encoding, "/Differences") is None:
            encoding = get(encoding, "/BaseEncoding")
        fits = encoding in _ROMAN and bool({(3, 1), (1, 0)} & set(tables))
    if not fits:
        raise Forbidden(_UNFIT)


def _cmaps(program: Any) -> list[tuple[int, int]]:
    """Return platform and encoding of the tables from characters to glyphs in a TrueType program."""
    try:
        data = program.get_data()
        (count,) = unpack(">H", data[4:6])
        for index in range(count):
            tag, _, offset, _ = unpack(">4sIII", data[12 + 16 * index : 28 + 16 * index])
            if tag == b"cmap":
                (tables,) = unpack(">H", data[offset + 2 : offset + 4])
                starts = range(offset + 4, offset + 4 + 8 * tables, 8)
                return [unpack(">HH", data[start : start + 4]) for start in starts]
    except Exception as error:  # pypdf raises whatever comes first in a damaged stream
        raise Forbidden(_DAMAGED) from error
    return []
