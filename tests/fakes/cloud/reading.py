"""What the faked services read: the text Tesseract really finds in the picture they were sent."""

import hashlib
import io
import os
import re
import subprocess
import threading
import unicodedata
from collections.abc import Iterable
from concurrent.futures import Future
from xml.etree import ElementTree as ET

from msgspec import Struct
from PIL import Image, UnidentifiedImageError

type Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the picture as it was sent

CHINESE = "chi_sim+eng"
ENGLISH = "eng"


class Char(Struct, frozen=True):
    text: str
    confidence: float  # 0 to 100, as everywhere here
    box: Box


class Word(Struct, frozen=True):
    text: str
    confidence: float
    box: Box
    chars: tuple[Char, ...]


class Line(Struct, frozen=True):
    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return joined(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        return sum(word.confidence for word in self.words) / len(self.words)

    @property
    def chars(self) -> tuple[Char, ...]:
        return tuple(char for word in self.words for char in word.chars)


class Picture(Struct, frozen=True):
    format: str  # "PNG", "JPEG", "BMP"...
    width: int
    height: int


class NotAPicture(Exception):
    """Pillow knows no such format."""


def measure(image: bytes) -> Picture:
    try:
        with Image.open(io.BytesIO(image)) as opened:
            return Picture(opened.format or "", opened.width, opened.height)
    except Image.DecompressionBombError:  # whichever it is, it is larger than any service takes
        return Picture("PNG", 100_000, 100_000)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise NotAPicture from error


_lock = threading.Lock()
_slots = threading.Semaphore(2)  # readings at once: a storm of calls must not become a storm of processes
_known: dict[tuple[str, str, int], Future[tuple[Line, ...]]] = {}


def read(image: bytes, language: str = CHINESE, layout: int = 3) -> tuple[Line, ...]:
    """The lines from top to bottom; the same picture is read once. `layout` is Tesseract's page segmentation mode."""
    key = hashlib.sha256(image).hexdigest(), language, layout
    with _lock:
        first = key not in _known
        future = _known.setdefault(key, Future())
    if first:
        try:
            with _slots:
                future.set_result(_lines(_hocr(image, language, layout)))
        except (OSError, subprocess.SubprocessError, ET.ParseError) as error:
            future.set_exception(error)
    return future.result()


def decodes(image: bytes) -> bool:
    """A picture may begin like one and not be one."""
    try:
        with Image.open(io.BytesIO(image)) as opened:
            opened.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def _plain(image: bytes) -> bytes:
    """What Tesseract's library may not know, as PNG."""
    with Image.open(io.BytesIO(image)) as opened:
        if opened.format in ("PNG", "JPEG"):
            return image
        buffer = io.BytesIO()
        opened.convert("RGB").save(buffer, "PNG")
        return buffer.getvalue()


def _hocr(image: bytes, language: str, layout: int) -> str:
    done = subprocess.run(
        f"tesseract stdin stdout -l {language} --psm {layout} --dpi 300 -c hocr_char_boxes=1 hocr".split(),
        input=_plain(image),
        capture_output=True,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        timeout=120,
        check=True,
    )
    return done.stdout.decode()


def _lines(hocr: str) -> tuple[Line, ...]:
    root = ET.fromstring(hocr)
    lines = []
    for found in root.iter():
        if found.get("class") in ("ocr_line", "ocr_caption", "ocr_textfloat", "ocr_header"):
            words = tuple(word for span in found.iter() if (word := _word(span)))
            if words:
                lines.append(Line(words, around(word.box for word in words)))
    return _sorted(lines)


def _word(span: ET.Element) -> Word | None:
    if span.get("class") != "ocrx_word":
        return None
    chars = _apart([_char(inner) for inner in span.iter() if inner.get("class") == "ocrx_cinfo"])
    text = "".join(char.text for char in chars).strip()
    if not text:
        return None
    title = span.get("title") or ""
    return Word(text, _number("x_wconf", title), _box("bbox", title), chars)


def _apart(chars: list[Char]) -> tuple[Char, ...]:
    """Tesseract lets the box of a Chinese character reach far into the next ones; where it begins is right."""
    nexts = [char.box[0] for char in chars[1:]]
    cut = []
    for char, following in zip(chars, [*nexts, chars[-1].box[2] if chars else 0], strict=True):
        left, top, right, bottom = char.box
        cut.append(Char(char.text, char.confidence, (left, top, min(right, max(following, left + 1)), bottom)))
    return tuple(cut)


def _char(span: ET.Element) -> Char:
    title = span.get("title") or ""
    return Char("".join(span.itertext()), max(0.0, min(100.0, _number("x_conf", title))), _box("x_bboxes", title))


def _box(name: str, title: str) -> Box:
    found = re.search(rf"{name} (\d+) (\d+) (\d+) (\d+)", title)
    if not found:
        raise ET.ParseError(f"no {name} in {title}")
    left, top, right, bottom = (int(number) for number in found.groups())
    return left, top, right, bottom


def _number(name: str, title: str) -> float:
    found = re.search(rf"{name} (-?[\d.]+)", title)
    return float(found[1]) if found else 0.0


def _sorted(lines: list[Line]) -> tuple[Line, ...]:
    """From top to bottom; what stands beside one another, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box[1]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and middle < rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box[0]))


def around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def joined(texts: Iterable[str]) -> str:
    """Words in one string: Chinese knows no blanks between them."""
    whole = ""
    for text in texts:
        apart = whole and not (is_wide(whole[-1]) or is_wide(text[0]))
        whole += f" {text}" if apart else text
    return whole


def is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
