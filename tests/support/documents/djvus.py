"""Real DjVu files, made by DjVuLibre's own encoders."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

needs_djvu = pytest.mark.skipif(
    not all(map(shutil.which, ("ddjvu", "c44", "cjb2", "djvm"))), reason="djvulibre-bin is not installed: make setup"
)


def save_djvu(pages: Iterable[Image.Image], path: Path) -> None:
    """Write pages into one file: those of mode 1 by the encoder of text (JB2), others by that of photographs (IW44)."""
    made = []
    for number, page in enumerate(pages):
        bilevel = page.mode == "1"
        picture = path.with_name(f"{path.stem}-{number}.{'pbm' if bilevel else 'ppm'}")
        page.convert("1" if bilevel else "RGB").save(picture)
        made.append(picture.with_suffix(".page"))
        subprocess.run(["cjb2" if bilevel else "c44", "-dpi", "150", str(picture), str(made[-1])], check=True)
        picture.unlink()
    subprocess.run(["djvm", "-c", str(path), *map(str, made)], check=True)
    for one in made:
        one.unlink()
