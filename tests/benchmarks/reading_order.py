"""In how right an order text layers are read: pairs of neighbouring words against texts whose order is known.

Run: .venv/bin/python -m tests.benchmarks.reading_order DIR [DIR ...] [--every N]

A DIR has pairs of NAME.pdf and NAME.txt, the text in reading order (of the whole document or of parts of it). A pair is
two words (Chinese and Japanese: characters) that stand one after the other, case-folded, divided words joined.
`right` is the share of the pairs read that are in the text, `whole` the share of the text's pairs that are read; each
first in the order of pdftotext's blocks, then in Folio's. Counted over every N-th page (then `whole` says nothing).
"""

import argparse
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from folio.documents.pdf import poppler
from folio.documents.pdf.text_page import TextPage
from folio.textlayer.layers import normalized
from folio.textlayer.layout import arrange
from folio.textlayer.lines import placed

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
SECONDS = 120.0
ROW = "{:32} {:5}  {:16.3f} {:6.3f}  {:17.3f} {:6.3f}"

type Pairs = Counter[tuple[str, str]]


def pairs(texts: Sequence[str]) -> Pairs:
    """Neighbours within each of the texts."""
    found: Pairs = Counter()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).casefold()
        found.update(pairwise(WORD.findall(re.sub(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[^\W\d])", "", plain))))
    return found


def layers(path: Path, every: int) -> Iterator[TextPage]:
    count = poppler.count_pages(path, SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        texts, _ = poppler.text_layers(path, 1, count, poppler.page_sizes(path, count, SECONDS), Path(folder), SECONDS)
    yield from (normalized(texts[number]) for number in range(1, count + 1, every))


def as_pdftotext(layer: TextPage) -> str:
    return "\n".join(" ".join(word.text for word in line) for block in layer.blocks for line in block)


def as_folio(layer: TextPage) -> str:
    blocks = placed(arrange(layer), 1.0, (int(layer.width) + 1, int(layer.height) + 1))
    return "\n".join(line.text for block in blocks for line in block)


def shares(read: Pairs, truth: Pairs) -> tuple[float, float]:
    known = sum(count for pair, count in read.items() if pair in truth)
    return known / max(read.total(), 1), sum((read & truth).values()) / max(truth.total(), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    pages, sums = 0, [0.0] * 4
    print(f"{'document':32} pages  right: pdftotext  Folio   whole: pdftotext  Folio")
    documents = [path for folder in options.folders for path in sorted(folder.glob("*.pdf"))]
    for path in documents:
        truth = pairs([path.with_suffix(".txt").read_text("utf-8", errors="replace")])
        read = list(layers(path, options.every))
        before, now = (shares(pairs([order(one) for one in read]), truth) for order in (as_pdftotext, as_folio))
        values = [before[0], now[0], before[1], now[1]]
        print(ROW.format(path.stem, len(read), *values), flush=True)
        pages += len(read)
        sums = [total + value * len(read) for total, value in zip(sums, values, strict=True)]
    means = [total / max(pages, 1) for total in sums]
    print(ROW.format("all, by page", pages, *means))


if __name__ == "__main__":
    main()
