"""`folio formats`: which files Folio reads here."""

import click

from folio.cli import console
from folio.cli.flags import examples


@click.command(epilog=examples("folio formats"))
def formats() -> None:
    """List the types of files that are read, with their usual suffixes."""
    from folio.documents.kinds import kinds

    for kind in kinds():
        missing = f"  (not here: {kind.missing})" if kind.missing else ""
        console.out(f"{kind.name:<32}{' '.join(kind.suffixes)}{missing}")
