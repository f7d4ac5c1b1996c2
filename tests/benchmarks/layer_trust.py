"""Which text layers are used: good ones, and good ones made bad in known ways.

Run: .venv/bin/python -m tests.benchmarks.layer_trust FOLDER... [--pages 3] [--bad 8] [--most PAGES]
         [--known-bad FILE] [--list]

FOLDER holds PDFs whose text layers are known to be right, but for the pages that FILE names (a line each: the end of
the path, and page numbers or nothing for all). Of each PDF so many pages are taken: the first, and others by chance.
Every so-manyth of them is also made bad: `layer_faults`. A changed map of which Folio makes the text of the good page
again (spaces between Chinese characters) is `mended`, and as good as refused. The order of the files is by chance, so
that a run that is interrupted (Ctrl-C) reports a sample; --most ends after so many good pages.
"""

import argparse
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.opening import open_document
from folio.documents.pdf import poppler
from folio.errors import FolioError
from folio.models import Document
from folio.options.resolve import resolve_options
from folio.textlayer.layers import TextLayers
from tests.benchmarks.layer_faults import MAPS, over_picture, remap

SETTINGS = Settings(max_pages=10_000)
OPTIONS: Options = resolve_options(SETTINGS, {}).options
MIN_CHARACTERS = 40  # letters and digits on a page that counts
MIN_CHANGED = 0.8  # of a page's letters, for a changed map to be a bad layer
MIN_LETTERS = 20  # of such a page: of figures nothing is changed
MIN_SAME = 0.95  # of the words, or Chinese characters, of the good page: its text again

_TOKEN = re.compile(r"[\u2e80-\U0010ffff]|[^\s\u2e80-\U0010ffff]+")


class _SamplePage(Struct, frozen=True):
    """A page of a PDF: the text that its layer says, and whether it is used, or why not."""

    path: Path
    number: int
    text: str
    verdict: str
    result: str

    @property
    def told(self) -> str:
        return f"{self.path} {self.number}: {self.text[:60]!r}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--bad", type=int, default=8)
    parser.add_argument("--known-bad", type=Path)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--list", action="store_true")
    wanted = parser.parse_args()
    known = _known_bad(wanted.known_bad)
    good: Counter[str] = Counter()
    bad: dict[str, Counter[str]] = defaultdict(Counter)
    with suppress(KeyboardInterrupt):
        for index, page in enumerate(_sample(wanted.folders, wanted.pages)):
            if sum(char.isalnum() for char in page.text) < MIN_CHARACTERS:
                continue
            said = page.verdict
            is_bad = any(
                str(page.path).endswith(end) and (not numbers or page.number in numbers) for end, numbers in known
            )
            (bad["as they are"] if is_bad else good)[said] += 1
            if wanted.list and (said == "used") == is_bad:
                print(f"{'bad' if is_bad else 'good'}: {said}: {page.told}", flush=True)
            if not is_bad and said == "used" and index % wanted.bad == 0:
                for kind, verdict in _made_bad(page):
                    bad[kind][verdict] += 1
                    if wanted.list and verdict == "used":
                        print(f"{kind}: used: {page.told}", flush=True)
            if good.total() >= wanted.most:
                break
    _report(good, bad)


def _report(good: Counter[str], bad: dict[str, Counter[str]]) -> None:
    print(f"good: {good.total()} pages, used {good['used']} ({good['used'] / max(good.total(), 1):.2%})")
    for why, pages in good.most_common():
        if why != "used":
            print(f"  {pages}: {why}")
    pages, used = sum(kind.total() for kind in bad.values()), sum(kind["used"] for kind in bad.values())
    print(f"bad: {pages} pages, refused {pages - used} ({1 - used / max(pages, 1):.2%})")
    for kind, verdicts in bad.items():
        refused, mended = verdicts.total() - verdicts["used"], verdicts["mended"]
        print(f"  {kind}: {verdicts.total()} pages, refused {refused}" + (f" ({mended} mended)" if mended else ""))


def _known_bad(file: Path | None) -> list[tuple[str, set[int]]]:
    lines = file.read_text("utf-8").splitlines() if file else []
    return [(words[0], {int(word) for word in words[1:]}) for line in lines if (words := line.split())]


def _sample(folders: list[Path], pages: int) -> Iterator[_SamplePage]:
    files = sorted({path for folder in folders for path in folder.rglob("*.pdf") if path.is_file()})
    random.Random(1).shuffle(files)
    for path in (path for path in files if not path.is_symlink()):
        chance = random.Random(path.name)
        try:
            document = _document(path)
            numbers = sorted({1} | {chance.randint(1, document.pages) for _ in range(pages - 1)})
            for number in numbers:
                yield _SamplePage(path, number, _text_of(document, number), *_verdict_of(document, number))
        except FolioError:
            continue


def _document(path: Path) -> Document:
    return open_document(path, SETTINGS, 60)


def _text(path: Path, number: int) -> str:
    return _text_of(_document(path), number)


def _text_of(document: Document, number: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        layers, _ = poppler.text_layers(document.path, number, number, document.sizes, Path(name), 60)
    return " ".join(word.text for word in layers[number].words())


def _verdict(path: Path, number: int) -> tuple[str, str]:
    return _verdict_of(_document(path), number)


def _verdict_of(document: Document, number: int) -> tuple[str, str]:
    """Return whether the layer is used or why it is not, and its text if it is."""
    with tempfile.TemporaryDirectory() as name:
        # A page at a time: of several, those between them would be drawn too.
        page = TextLayers(document, [number], OPTIONS, SETTINGS).page(number, Path(name), Deadline(60))
    return ("used", page.page.text) if page.page else (page.refusal or "no layer", "")


def _made_bad(page: _SamplePage) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = folder / "bad.pdf"
        for kind in MAPS:
            try:
                remap(page.path, page.number, kind, target)
                changed = _text(target, 1)
            except Exception:  # noqa: BLE001 (a page that cannot be made bad)
                continue
            if _is_bad(kind, page.text, changed):
                verdict, result = _verdict(target, 1)
                yield kind, "mended" if verdict == "used" and _is_same(page.result, result) else verdict
        for kind, invisible in (("invisible over a picture", True), ("under a picture", False)):
            try:
                over_picture(page.path, page.number, folder, target, invisible=invisible)
            except Exception:  # noqa: BLE001 (as above)
                continue
            yield kind, _verdict(target, 1)[0]


def _is_bad(kind: str, text: str, changed: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    if len(letters) < MIN_LETTERS:
        return False
    same = Counter(letters) & Counter(char for char in changed if char.isalpha())
    is_torn = kind == "torn" and len(changed.split()) > 2 * len(text.split())
    return is_torn or same.total() <= (1 - MIN_CHANGED) * len(letters) or _is_exchanged(kind, text, changed)


def _is_same(text: str, other: str) -> bool:
    words, others = (Counter(_TOKEN.findall(one)) for one in (text, other))
    return (words & others).total() >= MIN_SAME * max(words.total(), others.total())


def _is_exchanged(kind: str, text: str, changed: str) -> bool:
    """Return whether letters were exchanged: their numbers may be alike, but hardly a word is."""
    words, others = set(text.split()), set(changed.split())
    kept = {word for word in words & others if any(char.isalpha() for char in word)}
    return kind == "exchanged" and len(kept) <= (1 - MIN_CHANGED) * len(words)


if __name__ == "__main__":
    main()
