"""`folio search`: words in the results of a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import tr
from folio.cli.progress import number

if TYPE_CHECKING:
    from folio.search.index import Hit

_NOTHING = 65  # sysexits.h: EX_DATAERR
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_JSON = "Print each hit as JSON, one a line, with the polygons of its words."


@click.command(
    epilog=examples('folio search scans/ "quarterly report"', "folio search scans/ 发票号码 --json -n 5"),
)
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Hits at most.")
@click.option("--json", "as_json", is_flag=True, help=_JSON)
def search(folder: Path, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Search WORDS in the results below DIR: pages and places, the best first.

    All the words have to stand in one block of a page, or one line. Case does not matter; "…" within the words is a
    phrase, and report* is whatever begins so. What people have corrected counts. The index, .folio-search.sqlite in
    DIR, is brought up to date first; it may be removed at any time.
    """
    from folio.search.index import refresh_and_search

    refreshed, hits = refresh_and_search(folder, " ".join(words), limit)
    if refreshed.indexed or refreshed.removed:
        results = number(refreshed.results, "result")
        console.err(tr("The index was brought up to date: {results}.", results=results))
    for hit in hits:
        console.out(_json(hit) if as_json else _line(folder, hit))
    if hits:
        return 0
    nothing = tr("Nothing was found in {results}.", results=number(refreshed.results, "result"))
    console.err(f"folio: {nothing if refreshed.results else tr('There are no results here; folio read makes them.')}")
    return _NOTHING


def _json(hit: "Hit") -> str:
    import msgspec

    from folio import keys
    from folio.models import encode

    names = {"document": keys.printable(hit.document), "result": keys.printable(hit.result)}
    return encode(msgspec.structs.replace(hit, **names)).decode()


def _line(folder: Path, hit: "Hit") -> str:
    """Return where a hit is, the upright boxes of its words as left,top,right,bottom, and the text around them."""
    from folio.transform import bounds

    edges = (bounds(word.polygon) for word in hit.words if word.polygon)
    boxes = " ".join(",".join(f"{edge:.0f}" for edge in box) for box in edges)
    where = tr("{document}: page {page}", document=folder / hit.document, page=hit.page)
    return f"{_printable(where)} [{boxes}]: {_printable(hit.text)}"


def _printable(text: str) -> str:
    """Return text without what would steer a terminal; bytes of a name that are no text stay for the console."""
    visible = (character if character.isprintable() or "\udc80" <= character <= "\udcff" else " " for character in text)
    return " ".join("".join(visible).split())
