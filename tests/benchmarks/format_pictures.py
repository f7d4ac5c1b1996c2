"""How much of pages in HEIC, AVIF and DjVu is read: python -m tests.benchmarks.format_pictures [--each N]

Invented texts, Chinese and English, drawn at 150 DPI and encoded by Pillow (AVIF), by heif-enc of Debian's
libheif-examples (HEIC) and by DjVuLibre's c44 and cjb2; read by `providers=auto`. Recall is the share of a text's
characters that stand in the result in their order.
"""

import argparse
import random
import subprocess
import tempfile
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import folio
from tests.support.documents.djvus import save_djvu
from tests.support.documents.written import make_source

_SIZE, _MARGIN, _HEIGHT, _LEADING = (1240, 1754), 90, 24, 40  # A4 at 150 DPI
_FONT = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"


def drawn(paragraphs: list[str]) -> tuple[Image.Image, str]:
    """Return a page, and what of the paragraphs stands on it."""
    page = Image.new("L", _SIZE, 255)
    pen, font, said = ImageDraw.Draw(page), ImageFont.truetype(_FONT, _HEIGHT), list[str]()
    top = _MARGIN
    for paragraph in paragraphs:
        line = ""
        for part in _parts(paragraph):
            if pen.textlength(line + part, font) > _SIZE[0] - 2 * _MARGIN:
                top = _put(pen, font, line, top, said)
                line = ""
            line += part
        top = _put(pen, font, line, top, said) + _LEADING // 2
        if top > _SIZE[1] - 3 * _MARGIN:
            break
    return page, "".join(said)


def _parts(paragraph: str) -> list[str]:
    return [f"{word} " for word in paragraph.split()] if paragraph.isascii() else list(paragraph)


def _put(pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, line: str, top: int, said: list[str]) -> int:
    pen.text((_MARGIN, top), line, 0, font)
    said.append(line)
    return top + _LEADING


def _avif(page: Image.Image, path: Path) -> None:
    page.convert("RGB").save(path, "AVIF", quality=70)


def _heic(page: Image.Image, path: Path) -> None:
    page.convert("RGB").save(path.with_suffix(".png"))
    subprocess.run(["heif-enc", "-q", "60", str(path.with_suffix(".png")), "-o", str(path)], check=True)


def _djvu_photo(page: Image.Image, path: Path) -> None:
    save_djvu([page.convert("RGB")], path)


def _djvu_text(page: Image.Image, path: Path) -> None:
    save_djvu([page.point(lambda value: 255 if value > 150 else 0).convert("1")], path)


_FORMS: dict[str, tuple[str, Callable[[Image.Image, Path], None]]] = {
    "AVIF": ("avif", _avif), "HEIC": ("heic", _heic),
    "DjVu (IW44)": ("djvu", _djvu_photo), "DjVu (JB2)": ("djvu", _djvu_text),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=5)
    chance = random.Random(18)
    for name, (suffix, write) in _FORMS.items():
        values = []
        for _ in range(parser.parse_args().each):
            page, said = drawn(make_source(chance).paragraphs)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"page.{suffix}"
                write(page, path)
                document = folio.read(path, jobs=1)
            values.append(_recall(said, document.text))
            assert all(word.polygon for word in document.words)
        print(f"{name:<12} {len(values):>3} files  recall {sum(values) / len(values):.4f}  worst {min(values):.4f}")


def _recall(said: str, read: str) -> float:
    true, found = "".join(said.split()), "".join(read.split())
    blocks = SequenceMatcher(None, true, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(true)


if __name__ == "__main__":
    main()
