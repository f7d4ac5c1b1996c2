"""`folio corrections`: what people have corrected of results in a folder."""

from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import error_text
from folio.cli.progress import number
from folio.errors import FolioError

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(epilog=examples("folio corrections export documents/ truth/", "folio corrections apply documents/"))
def corrections() -> None:
    """Correct results in a folder, have their outputs made again, or export them for `folio bench`."""


@corrections.command(epilog=examples('folio corrections add scan.pdf 1 lines/0/words/2 "eleven" --by Ann'))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("page", type=click.IntRange(1))
@click.argument("location")
@click.argument("text")
@click.option("--by", default="", help="Who says so.")
def add(file: Path, page: int, location: str, text: str, by: str) -> int:
    """Say what a word, a cell or a field of FILE's result truly reads; places are counted from 0 as in the result."""
    from folio.desk import corrections as desk
    from folio.stores.folder import FolderStore

    review = desk.add(FolderStore(file.parent), file.name, page, location, text, by)
    console.err(f"{file}: {number(len(review.current()), 'correction')}")
    return 0


@corrections.command(epilog=examples("folio corrections apply documents/"))
@click.argument("folder", metavar="DIR", type=FOLDER)
def apply(folder: Path) -> int:
    """Make the outputs again of all results below DIR that were corrected since."""
    from folio.desk import corrections as desk
    from folio.options.settings import load_settings
    from folio.wiring import local_services

    services = local_services(load_settings()).on_folder(folder, None)
    code = 0
    for one in desk.reviewed(services.store):
        try:
            desk.apply(one, services)
        except FolioError as error:  # the others are made all the same
            code = error.exit_code
            console.err(f"{folder / one.key}: {error_text(error)}")
        else:
            console.err(f"{folder / one.key}: {number(len(one.review.current()), 'correction')}")
    return code


@corrections.command(epilog=examples("folio corrections export documents/ truth/"))
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("target", metavar="SET", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path, target: Path) -> int:
    """Write the corrected documents below DIR and what they truly say into SET, for `folio bench SET`.

    Documents read with `redact` stay out of it, for they have what is masked.
    """
    from folio.desk import corrections as desk
    from folio.stores.folder import FolderStore

    count = desk.export(FolderStore(folder), target)
    console.err(f"{target}: {number(count, 'document')}")
    return 0 if count else 65
