"""A run: every document of the sets, read by all readers in turn, and scored."""

import os
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from folio.bench import reliability, scores
from folio.bench.readers import Bench, Contender, Read
from folio.bench.reliability import Bins
from folio.bench.truth import Truth
from folio.models import encode
from folio.process_pool import processes


class Row(Struct, frozen=True, kw_only=True):
    """How one reader did on one document. Rates from 0 to 1 (error rates may be higher), None where not counted.

    `counts` are of the units that truth and reading share, of the truth's and of the reading's. `cpu` and `wall` are
    seconds. What could not be read has recall 0 and an error.
    """

    set: str
    id: str
    reader: str
    recall: float
    precision: float
    cer: float | None
    wer: float | None
    boxes: float | None
    cpu: float
    wall: float
    counts: tuple[int, int, int] = (0, 0, 0)
    reliability: Bins = ()
    error: str | None = None


def run(truths: list[Truth], readers: list[Contender], jobs: int) -> Iterator[Row]:
    """Yield rows in the order of the documents and readers. `jobs` documents are read at once, each in its own process.

    With several jobs all readers are slowed alike: their ratios hold, their seconds do not compare with other runs'.
    Raises EngineFailed if a process was killed.
    """
    with processes(jobs, partial(os._exit, 1)) as pool:
        for task in [pool.submit(_measure, number, truth, readers) for number, truth in enumerate(truths)]:
            yield from task.result()


def recorded(rows: Iterable[Row], target: Path | None) -> Iterator[Row]:
    """Yield the same rows, each written to a file as it comes, as a line of JSON."""
    if target is None:
        yield from rows
        return
    with target.open("wb") as file:
        for row in rows:
            file.write(encode(row) + b"\n")
            file.flush()
            yield row


def _measure(number: int, truth: Truth, readers: list[Contender]) -> list[Row]:
    """Measure one document. Which reader is first changes by document, since the first finds the file uncached."""
    bench = warmed(tuple(readers))
    start = number % len(readers)
    rows = {who.name: score(truth, who.name, bench.read(truth, who)) for who in readers[start:] + readers[:start]}
    return [rows[who.name] for who in readers]


@cache
def warmed(readers: tuple[Contender, ...]) -> Bench:
    """Return this process's own bench, after a first reading that does not count."""
    from PIL import Image, ImageDraw

    bench = Bench()
    with TemporaryDirectory() as name:
        path = Path(name) / "warm.png"
        picture = Image.new("L", (200, 60), 255)
        ImageDraw.Draw(picture).text((20, 15), "warm", 0, font_size=24)
        picture.save(path)
        bench.warm(Truth(set="", id="", path=path, languages="eng", text="", ordered=False), list(readers))
    return bench


def score(truth: Truth, reader: str, read: Read) -> Row:
    """Return the scores of a reading."""
    by_character = truth.by_character
    expected, units = (scores.units(text, by_character) for text in (truth.text, read.text))
    recall, precision = scores.recall_and_precision(expected, units)
    boxes = None
    if truth.words and read.words is not None:
        boxes = scores.box_recall(
            ((word.text, word.box) for word in truth.words), ((word.text, word.box) for word in read.words)
        )
    with_words = truth.ordered and not by_character
    return Row(
        set=truth.set,
        id=truth.id,
        reader=reader,
        recall=recall,
        precision=precision,
        cer=scores.character_errors(truth.text, read.text, by_character) if truth.ordered else None,
        wer=scores.word_errors(truth.text, read.text) if with_words else None,
        boxes=boxes,
        cpu=read.cpu,
        wall=read.wall,
        counts=(scores.shared(expected, units), len(expected), len(units)),
        reliability=reliability.count(truth, read.words or ()),
        error=read.error,
    )
