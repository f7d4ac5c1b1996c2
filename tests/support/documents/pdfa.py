"""What of PDF/A-2b (ISO 19005-2) a file breaks, as far as pikepdf and qpdf can see it; not made of Folio's own code.

Of a validator's rules it has not: widths of glyphs against those of font programs, glyphs that a font program does not
have, what JPEG 2000 pictures and ICC profiles hold beyond their headers, and limits of numbers.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pikepdf

_ACTIONS = {
    f"/{name}"
    for name in (
        "Launch", "Sound", "Movie", "ResetForm", "ImportData", "JavaScript", "Hide", "SetOCGState", "Rendition",
        "Trans", "GoTo3DView",
    )
}  # fmt: skip
_BANNED = ("/AA", "/JS", "/XFA", "/NeedAppearances", "/Alternates", "/OPI", "/TR", "/HTP", "/EmbeddedFiles", "/Encrypt")
_ANNOTATIONS = ("/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment")
_SHOWING = ("Tj", "TJ", "'", '"')
_OPERATORS = (
    "b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l M m MP n q Q re RG rg ri S"
    " s SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \" INLINE"
)
_KNOWN = {*_OPERATORS.split(), "INLINE IMAGE"}
_MAX_SAVES = 28


def violations(path: Path) -> list[str]:
    """One line for each rule that is broken; empty for a PDF/A-2b."""
    with pikepdf.open(path) as pdf:
        found = [*_file(path), *pdf.check_pdf_syntax(), *_document(pdf)]
        for item in pdf.objects:
            found += [line for part in _direct(item) for line in _object(part)]
        for page in pdf.pages:
            found += _page(page)
    return sorted(set(found))


def _file(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", data):
        yield "the header is not that of PDF 1.x with four bytes above 127"
    if not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "there is data after the end"


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "the trailer has no ID"
    if pdf.is_encrypted:
        yield "it is encrypted"
    metadata = pdf.Root.get("/Metadata")
    if metadata is None or "/Filter" in metadata:
        yield "there is no XMP packet that everybody can read"
    elif pdf.open_metadata().pdfa_status != "2B":
        yield "the XMP packet does not say that it is a PDF/A-2b"
    if "/Info" in pdf.trailer:
        yield "there is a dictionary of information beside the XMP packet"
    intents = list(pdf.Root.get("/OutputIntents", []))
    profiles = [intent.DestOutputProfile.read_bytes() for intent in intents if intent.S == "/GTS_PDFA1"]
    if len(profiles) != 1 or profiles[0][36:40] != b"acsp" or profiles[0][16:20] != b"RGB ":
        yield "there is no output intent with a profile of RGB"
    elif int.from_bytes(profiles[0][:4]) != len(profiles[0]):
        yield "the profile of the output intent is broken"


def _direct(item: Any) -> Iterator[Any]:
    """An object, and those that are written inside it."""
    yield item
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        parts = [part for _, part in item.items()]
    else:
        parts = list(item) if isinstance(item, pikepdf.Array) else []
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _direct(part)


def _object(item: Any) -> Iterator[str]:
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    yield from (f"there is {name}" for name in _BANNED if name in item and not (name == "/TR" and "/S" in item))
    if str(item.get("/S", "")) in _ACTIONS:
        yield f"there is the action {item.S}"
    if isinstance(item, pikepdf.Stream):
        filters: Any = item.get("/Filter", [])
        names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
        yield from (f"there is {name}" for name in names if name in ("/LZWDecode", "/Crypt"))
        if "/F" in item:
            yield "a stream is in another file"
        if item.get("/Interpolate", False):
            yield "a picture is to be smoothed"
        if item.get("/Subtype") == "/PS" or item.get("/Subtype2") == "/PS":
            yield "there is PostScript"
    if item.get("/Type") == "/Annot" or "/Rect" in item:
        yield from _annotation(item)


def _annotation(item: Any) -> Iterator[str]:
    if item.get("/Subtype") in _ANNOTATIONS:
        yield f"there is an annotation {item.Subtype}"
    flags = int(item.get("/F", 0))
    if not flags & 4 or flags & (1 | 2 | 32):
        yield "an annotation is not shown and printed"
    appearance = item.get("/AP")
    if item.get("/Subtype") == "/Link":
        return
    if appearance is None or set(appearance.keys()) != {"/N"} or not isinstance(appearance.N, pikepdf.Stream):
        yield "an annotation has no appearance, or more than one"


def _page(page: pikepdf.Page) -> Iterator[str]:
    left, bottom, right, top = map(float, page.mediabox)
    if not all(3 <= side <= 14400 for side in (right - left, top - bottom)):
        yield "a page has a forbidden size"
    yield from _content(page.obj, page.obj.get("/Resources"), 0)
    for annotation in page.obj.get("/Annots", []):
        for shown in annotation.get("/AP", {}).values():
            if isinstance(shown, pikepdf.Stream):
                yield from _content(shown, shown.get("/Resources"), 1)


def _content(holder: Any, resources: Any, depth: int) -> Iterator[str]:
    if resources is None:
        yield "there is content without resources"
        return
    parsed: list[Any] = list(pikepdf.parse_content_stream(holder))
    operations = [(list(operands), str(operator)) for operands, operator in parsed]
    names = [name for _, name in operations]
    yield from (f"there is the operator {name}" for name in names if name not in _KNOWN)
    if {"k", "K"} & set(names):
        yield "there is CMYK"
    if max(accumulate((name == "q") - (name == "Q") for name in names), default=0) > _MAX_SAVES:
        yield "the graphics state is saved too often"
    for font in _painted(operations):
        yield from _font(resources.get("/Font", {}).get(font))
    for operands, name in operations:
        if name in ("cs", "CS"):
            yield from _space(resources.get("/ColorSpace", {}).get(str(operands[0]), operands[0]))
        elif name == "Do":
            yield from _drawn(resources.get("/XObject", {}).get(str(operands[0])), depth)


def _painted(operations: list[tuple[list[Any], str]]) -> Iterator[str]:
    """The fonts, by their names, in which text is shown that is not invisible."""
    font, mode, saved = "", 0, list[tuple[str, int]]()
    for operands, name in operations:
        if name == "q":
            saved.append((font, mode))
        elif name == "Q" and saved:
            font, mode = saved.pop()
        elif name == "Tf":
            font = str(operands[0])
        elif name == "Tr":
            mode = int(operands[0])
        elif name in _SHOWING and mode != 3:
            yield font


def _drawn(drawn: Any, depth: int) -> Iterator[str]:
    if drawn is None:
        yield "a drawing is not there"
    elif drawn.Subtype == "/Form" and depth < 10:
        yield from _content(drawn, drawn.get("/Resources"), depth + 1)
    elif "/ColorSpace" in drawn:
        yield from _space(drawn.ColorSpace)


def _space(space: Any) -> Iterator[str]:
    if isinstance(space, pikepdf.Array):
        kind = str(space[0])
        if kind in ("/Separation", "/DeviceN"):
            yield from _space(space[2])
        elif kind == "/Indexed":
            yield from _space(space[1])
    elif str(space) == "/DeviceCMYK":
        yield "there is CMYK"


def _font(font: Any) -> Iterator[str]:
    if font is None:
        yield "a font is not there"
        return
    if font.Subtype == "/Type3":
        return
    held = font.DescendantFonts[0] if font.Subtype == "/Type0" else font
    descriptor = held.get("/FontDescriptor", {})
    if not any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield "a font is not in the file"
    if held.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in held:
        yield "a font does not say which character is which glyph"
    if any(name in descriptor for name in ("/CIDSet", "/CharSet")):
        yield "a font lists its characters"
    if held.Subtype == "/TrueType" and int(descriptor.get("/Flags", 0)) & 4 and "/Encoding" in held:
        yield "a font of symbols has an encoding"
