"""Sets of documents whose text is known: folders with an `index.jsonl`.

A line of it: `file` (in the same folder), `text` (the truth), and where there are any: `id`, `lang` (as the option
`languages`; eng), `ordered` (whether the truth is in reading order, so that character errors can be counted), `photo`
(whether it is a photograph) and `words` (`[{"box": [left, top, right, bottom], "text": ...}]` of the first page, in
pixels of the picture).
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.errors import BadOption, SourceGone
from folio.transform import Box

INDEX = "index.jsonl"
# Of the public sets those whose truth is in reading order, for lines that do not say.
_ORDERED = ("books", "zh_annual", "orientation")


class TruthWord(Struct, frozen=True):
    box: Box
    text: str


class TruthLine(Struct, frozen=True):
    """One line of an index."""

    file: str
    text: str
    id: str = ""
    lang: str = "eng"
    ordered: bool | None = None
    photo: bool = False
    words: tuple[TruthWord, ...] = ()


class Truth(Struct, frozen=True, kw_only=True):
    """One document and what it says."""

    set: str
    id: str
    path: Path
    languages: str
    text: str
    ordered: bool
    photo: bool = False
    words: tuple[TruthWord, ...] = ()

    @property
    def by_character(self) -> bool:
        """Whether characters are counted: Chinese and Japanese are written without spaces."""
        return any(name in self.languages for name in ("chi_", "jpn"))


def load(folder: Path) -> list[Truth]:
    """Return the documents of a folder with an index, or of all its subfolders that have one.

    Raises SourceGone if there is none or a document is not where an index says, BadOption for a line that does not fit.
    """
    indexes = [folder / INDEX] if (folder / INDEX).is_file() else sorted(folder.glob(f"*/{INDEX}"))
    if not indexes:
        raise SourceGone(f"There is no {INDEX} in {str(folder)!r} or in a folder of it.")
    return [truth for index in indexes for truth in _read(index)]


def _read(index: Path) -> Iterator[Truth]:
    name = index.parent.resolve().name
    for number, line in enumerate(index.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = msgspec.json.decode(line, type=TruthLine)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BadOption(f"Line {number} of {name}/{INDEX} does not fit: {error}") from error
        path = index.parent / read.file
        if not path.is_file():
            raise SourceGone(f"There is no file {read.file!r}, which line {number} of {name}/{INDEX} tells of.")
        ordered = name in _ORDERED if read.ordered is None else read.ordered
        yield Truth(
            set=name,
            id=read.id or read.file,
            path=path,
            languages=read.lang,
            text=read.text,
            ordered=ordered,
            photo=read.photo,
            words=read.words,
        )


def sampled(truths: list[Truth], every: int) -> list[Truth]:
    """Return every n-th document of each set, its first included."""
    counts: dict[str, int] = {}
    sample = []
    for truth in truths:
        counts[truth.set] = counts.get(truth.set, -1) + 1
        if counts[truth.set] % every == 0:
            sample.append(truth)
    return sample
