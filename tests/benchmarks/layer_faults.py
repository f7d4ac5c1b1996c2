"""Good text layers made bad in known ways: one page of a PDF as a PDF of its own, whose layer lies about it."""

import random
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image

from folio.textlayer.text_only import TextOnly
from tests.support.documents.pdfs import gray_image

_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>(?!\s*[<\[])")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RENDERING_MODE = re.compile(rb"(?<![^\s])[0-7]\s+Tr(?![^\s])")
_LIST = re.compile(rb"<([0-9A-Fa-f]+)>\s*<[0-9A-Fa-f]+>\s*\[([^\]]*)\]")

type Change = Callable[[str], str]


def _exchanged(text: str, order: random.Random) -> Change:
    """Return a change by which each character becomes another one of its kind: letter, figure, or Chinese character."""
    del text
    tables: dict[str, str] = {}
    for first, last in (("a", "z"), ("A", "Z"), ("а", "я"), ("А", "Я"), ("α", "ω"), ("ا", "ي")):
        letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
        tables |= dict(zip(letters, order.sample(letters, len(letters)), strict=True))

    def change(char: str) -> str:
        if "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3":
            return chr(order.randrange(0x4E00, 0x9FA6))
        return tables.get(char, char)

    return change


def _private(text: str, order: random.Random) -> Change:
    del text, order
    return lambda char: chr(0xE000 + ord(char[0]) % 0x1800)


def _shifted(text: str, order: random.Random) -> Change:
    del text, order
    return lambda char: chr(max(1, ord(char[0]) - 29))


def _mojibake(text: str, order: random.Random) -> Change:
    del text, order
    return lambda char: char.encode().decode("latin-1") if not char.isascii() else char


def _torn(text: str, order: random.Random) -> Change:
    del text, order
    return lambda char: f"{char} "


MAPS: dict[str, Callable[[str, random.Random], Change]] = {
    "exchanged": _exchanged,
    "private": _private,
    "shifted": _shifted,
    "mojibake": _mojibake,
    "torn": _torn,
}


def remap(source: Path, number: int, kind: str, target: Path) -> None:
    """Write the page with all its fonts' maps to Unicode changed."""
    order = random.Random(number)
    with Pdf.open(source) as pdf, Pdf.new() as new:
        new.pages.append(pdf.pages[number - 1])
        change = MAPS[kind]("", order)
        for item in list(new.objects):
            if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and item.get("/Subtype") != "/Type3":
                _remap_font(new, item, change)
        new.save(target)


def _remap_font(pdf: Pdf, font: pikepdf.Object, change: Change) -> None:
    if str(font.get("/Subtype", "")).startswith("/CIDFont"):
        return
    known = font.get("/ToUnicode")
    codes = _codes(known.read_bytes()) if isinstance(known, Stream) else {}
    if not codes and font.get("/Subtype") != "/Type0":
        codes = {b"%02x" % code: chr(code) for code in range(33, 127)}
    if codes:
        font.ToUnicode = pdf.make_stream(_map({code: change(char) for code, char in codes.items()}))


def _codes(data: bytes) -> dict[bytes, str]:
    codes: dict[bytes, str] = {}
    for match in _RANGE.finditer(data):
        first, last, text = int(match[1], 16), int(match[2], 16), _text(match[3])
        for code in range(first, min(last, first + 70_000) + 1):
            codes[b"%0*x" % (len(match[1]), code)] = text[:-1] + chr(ord(text[-1]) + code - first)
    for match in _LIST.finditer(data):
        for offset, item in enumerate(re.findall(rb"<([0-9A-Fa-f]+)>", match[2])):
            codes[b"%0*x" % (len(match[1]), int(match[1], 16) + offset)] = _text(item)
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.DOTALL):
        codes |= {match[1]: _text(match[2]) for match in _PAIR.finditer(block)}
    return codes


def _text(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode().zfill(4)).decode("utf-16-be", "replace") or " "


def _map(codes: Mapping[bytes, str]) -> bytes:
    width = len(next(iter(codes)))
    rows = [b"<%s> <%s>" % (code, text.encode("utf-16-be", "replace").hex().encode()) for code, text in codes.items()]
    blocks = (rows[start : start + 100] for start in range(0, len(rows), 100))
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <%s> <%s> endcodespacerange\n"
        % (b"0" * width, b"f" * width)
        + b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
        + b"endcmap end end"
    )


def over_picture(source: Path, number: int, folder: Path, target: Path, *, invisible: bool) -> None:
    """Write the page as a picture of it, with its text invisible on it or plain under it."""
    pages = ["-f", str(number), "-l", str(number), str(source), str(folder / "picture")]
    command = ["pdftoppm", "-r", "100", "-gray", "-cropbox", "-singlefile", *pages]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    picture = Image.open(folder / "picture.pgm")
    only = folder / "only.pdf"
    if not TextOnly(source).write(number, only):
        raise ValueError("the page cannot be taken apart")
    with Pdf.open(only) as pdf:
        page = pdf.pages[0]
        left, bottom, right, top = (float(value) for value in page.cropbox)
        image = gray_image(pdf, picture)
        page.obj.Rotate = 0
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        name = page.add_resource(image, Name.XObject)
        drawing = b"q %f 0 0 %f %f %f cm %s Do Q\n" % (right - left, top - bottom, left, bottom, str(name).encode())
        hidden = b"3 Tr\n" + _RENDERING_MODE.sub(b"3 Tr", content)  # pages that set a mode set it back, too
        both = drawing + hidden if invisible else b"q\n" + content + b"\nQ\n" + drawing
        page.Contents = pdf.make_stream(both)
        pdf.save(target)
