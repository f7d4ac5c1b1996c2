"""Photograph the sample letter, have it read on the web page of `folio serve`, and save what a person sees.

Run, while `folio serve` runs in another terminal: .venv/bin/python -m scripts.screenshot http://127.0.0.1:8000/
Writes docs/page.png, the picture in both READMEs. Needs Chromium (`make browser`).
"""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from pdf2image import convert_from_path
from PIL import Image
from tests.support.browser.chromium import chromium, tab

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "page.png"
WIDE = {"viewport": {"width": 1440, "height": 1000}}


def photographed() -> bytes:
    """Return the sample letter as a JPEG that lies two degrees crooked, with a shadow in its lower right corner."""
    page = convert_from_path(str(ROOT / "tests" / "data" / "english.pdf"), dpi=150, grayscale=True)[0]
    crooked = page.crop((60, 100, 1200, 1032)).rotate(2, resample=Image.Resampling.BICUBIC, fillcolor=238)
    pixels = np.asarray(crooked, dtype=float)
    across, down = np.linspace(0, 1, pixels.shape[1]), np.linspace(0, 1, pixels.shape[0])[:, None]
    pixels *= 1 - 0.38 * (0.6 * across + 0.4 * down) ** 2
    saved = BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(saved, "JPEG", quality=80)
    return saved.getvalue()


def main(address: str) -> None:
    with chromium() as browser, tab(browser, WIDE, color_scheme="light", locale="en-US") as opened:
        page = opened.page
        page.goto(address)
        page.locator("#file").set_input_files(
            {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": photographed()}
        )
        page.locator("#overlay polygon").nth(40).hover()
        page.locator("#tip").wait_for()
        shot = Image.open(BytesIO(page.screenshot(full_page=True, clip=page.locator(".bench").bounding_box())))
    # 256 colors keep it small: half of them grays for the shadow, the others the colors of boxes and buttons.
    colors = list(shot.convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE).getpalette() or ())
    palette = Image.new("P", (1, 1))
    palette.putpalette(colors + [2 * level for level in range(128) for _ in "RGB"])
    shot.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE).save(TARGET, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
