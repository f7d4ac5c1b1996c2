"""In how right an order pages of newspapers are read, drawn as boxes: in tiers that run downwards, in columns across.

Run: .venv/bin/python -m tests.benchmarks.newspapers [--pages N]

Of each two lines that follow each other in a story, how many do so in what is read; and on how many pages all do. The
lines come as an engine finds them: in any order, some across a gutter with the one beside them, edges a little off,
columns leaning.
"""

import argparse

from folio.models import Page
from folio.providers.ppocr.page.layout import in_order
from folio.structure.layout.blocks import with_blocks
from folio.transform import angle_of, quarter_of
from tests.support.newspapers import Newspaper, Noise, faultless, followed, newspaper

_NOISES = {
    "as set": Noise(),
    "leaning": Noise(lean=0.015, long=0.03),
    "joined": Noise(joined=0.1),
    "both": Noise(joined=0.1, lean=0.01, long=0.03),
}


def read(page: Newspaper) -> str:
    """Return the text of a page's blocks in order."""
    text = in_order(page.lines, 90 if quarter_of(angle_of(page.lines[0].polygon)) == 1 else 0)
    width, height = round(page.width), round(page.height)
    found = Page(number=1, width=width, height=height, dpi=96.0, text=text.text, lines=text.lines, origin="ocr")
    return "\n".join(block.text for block in with_blocks(found).blocks)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=20, help="of each language and noise")
    count = parser.parse_args().pages
    for language in ("Japanese", "Chinese", "English"):
        for name, noise in _NOISES.items():
            pages = []
            for seed in range(count):
                page = newspaper(seed, language, noise)
                pages.append(list(followed(page, read(page))))
            pairs = [one for page in pages for one in page]
            print(f"{language:9} {name:8} {sum(pairs) / len(pairs):.3f} of {len(pairs)} pairs, "
                  f"{faultless(pages)} of {count} pages without a fault")  # fmt: skip


if __name__ == "__main__":
    main()
