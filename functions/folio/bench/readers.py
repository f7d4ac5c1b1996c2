"""The readers that are measured: Folio with a recipe and a provider, and the baselines.

Each reads one document into plain text and the words on its first page with their boxes. Seconds of all of them include
drawing the pages of a PDF.
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys
from folio.bench.baselines import BASELINES, ReadWord
from folio.bench.truth import Truth
from folio.deadline import Deadline
from folio.errors import BadOption, EngineFailed, FolioError
from folio.models import Page, Result, decode
from folio.options.resolve import parse_options
from folio.options.settings import load_settings
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.wiring import local_services

NO_BASELINE = "none"
TESSERACT = "tesseract"


class Contender(Struct, frozen=True):
    """A reader under test: a baseline by name, or Folio with `options`."""

    name: str
    options: tuple[tuple[str, str], ...] = ()


class Read(Struct, frozen=True, kw_only=True):
    """What was read of one document: `words` are those of the first page, None if the reader does not tell them.

    `pages` are Folio's own. `cpu` counts this process and the programs it started; it and `wall` are seconds. What
    failed has an error; a part of a document may have text all the same.
    """

    text: str = ""
    words: tuple[ReadWord, ...] | None = ()
    pages: tuple[Page, ...] = ()
    cpu: float = 0.0
    wall: float = 0.0
    error: str | None = None


def contenders(
    recipes: list[str], providers: list[str], baselines: list[str], options: Mapping[str, str]
) -> list[Contender]:
    """Return the baselines (`none`: no baseline), then Folio with every recipe and provider. Raises BadOption."""
    baselines = [name for name in baselines if name != NO_BASELINE]
    if unknown := sorted(set(baselines) - set(BASELINES)):
        raise BadOption(f"There is no baseline {unknown[0]!r}; they are {', '.join((*BASELINES, NO_BASELINE))}.")
    for recipe in recipes:
        for provider in providers:
            # Refuses a misspelled option before any reading.
            parse_options({**options, "recipe": recipe, "providers": provider})
    ours = [
        Contender(
            _name(provider, recipe, providers, recipes),
            tuple(({**options, "recipe": recipe, "providers": provider}).items()),
        )
        for provider in providers
        for recipe in recipes
    ]
    return [*map(Contender, baselines), *ours]


def _name(provider: str, recipe: str, providers: list[str], recipes: list[str]) -> str:
    """Return a reader's name: what it does not share with the others."""
    if providers == [TESSERACT]:
        return recipe
    return provider if len(recipes) == 1 else f"{provider} {recipe}"


class Bench:
    """Reads documents one at a time; not for several threads, whose CPU could not be told apart."""

    def __init__(self) -> None:
        self._local = local_services(msgspec.structs.replace(load_settings(), jobs=1))

    def close(self) -> None:
        self._local.services.pool.shutdown()

    def warm(self, truth: Truth, readers: list[Contender]) -> None:
        """Load what is slow to load, which happens once in a process and not once for each document."""
        for who in readers:
            self.read(truth, who)

    def read(self, truth: Truth, who: Contender) -> Read:
        """Return what `who` reads of a document; an error is in the answer."""
        read_by_baseline = None if who.options else BASELINES.get(who.name)
        with tempfile.TemporaryDirectory(prefix="folio-bench-") as name:
            folder = Path(name)
            cpu, wall = _cpu(), time.monotonic()
            try:
                if read_by_baseline:
                    plain = read_by_baseline(truth, folder)
                    read = Read(text=plain.text, words=plain.words)
                else:
                    read = self._folio(truth, who, folder)
            except FolioError as error:
                read = Read(error=f"{type(error).__name__}: {error.message}")
            spent = {"cpu": _cpu() - cpu, "wall": time.monotonic() - wall}
        return msgspec.structs.replace(read, **spent)

    def _folio(self, truth: Truth, who: Contender, folder: Path) -> Read:
        services = self._local.on_folder(truth.path.parent, folder)
        options = {"languages": truth.languages, **dict(who.options)}
        outcome = read_upload(Request(key=truth.path.name, options=options, force=True), services, Deadline())
        stored = FolderStore(truth.path.parent, folder).read(keys.result_key(truth.path.name))
        if stored is None:
            raise outcome.error or EngineFailed("There is no result.")
        result = decode(stored.data, Result)
        failed = next((page.error for page in result.pages if page.error), None)
        return Read(
            text=result.text,
            words=tuple(page_words(result.pages[0])),
            pages=result.pages,
            error=f"{failed.type}: {failed.message}" if failed else None,
        )


def page_words(page: Page) -> list[ReadWord]:
    """Return a page's words in upright boxes."""
    return [ReadWord(word.text, word.confidence, word.bounds) for line in page.lines for word in line.words]


def _cpu() -> float:
    """Return the seconds of this process, of those it started, and of theirs, ended or not."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + sum(_living(os.getpid()))


def _living(pid: int) -> Iterator[float]:
    """Yield the seconds of each process below `pid` that lives (and of those it waited for); none without /proc.

    An engine's process is kept for the next document, so the system does not count it as a child's time yet.
    """
    children: dict[int, list[tuple[int, float]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the program's name, which may hold blanks: the state, the parent, and the 12th to 15th are ticks.
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
            seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            children.setdefault(int(fields[1]), []).append((int(path.parent.name), seconds))
    below = [pid]
    while below:
        for child, seconds in children.pop(below.pop(), []):
            below.append(child)
            yield seconds
