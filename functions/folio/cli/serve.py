"""`folio serve` on the command line."""

from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import tr
from folio.cli.reading import FOLDER
from folio.config.environment import use_environment, variable
from folio.errors import BadOption
from folio.options.settings import load_settings

_KEYS = "FOLIO_API_KEYS"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
API_KEY = f"Asked of callers; may be given several times. Also in {_KEYS}, with spaces between. [default: none]"
API_KEY_FILE = "A file with keys, one a line."
_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
_RESULTS = "Where the results of DIR lie. [default: beside its files]"
_BUCKET = "Keep documents in this bucket, for workers to read, instead of an S3 inside."


@click.command(
    epilog=examples("folio serve", "folio serve scans/", "folio serve --host 0.0.0.0 --api-key-file keys.txt")
)
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("-o", "--output", "results", type=FOLDER, help=_RESULTS)
@click.option("--host", default="127.0.0.1", show_default=True, help="Any address but loopback needs a key.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--api-key", "keys", multiple=True, help=API_KEY)
@click.option("--api-key-file", "key_file", type=FILE, help=API_KEY_FILE)
@click.option("--jobs", type=click.IntRange(1, 64), help="Documents read at once. [default: one per core]")
@click.option("--bucket", default="", help=_BUCKET)
@click.option("--endpoint", metavar="URL", help="Of an S3 that is not AWS's: MinIO and others.")
def serve(
    folder: Path | None,
    results: Path | None,
    host: str,
    port: int,
    keys: tuple[str, ...],
    key_file: Path | None,
    jobs: int | None,
    bucket: str,
    endpoint: str | None,
) -> None:
    """The HTTP API and its web page, until Ctrl-C. Without a bucket nothing is kept afterwards.

    The page also shows the documents below DIR that `folio read` has read, to be looked at and corrected; the
    corrections lie beside their results. Nothing outside of DIR is shown.
    """
    from folio.serve import run

    if results and not folder:
        raise BadOption("-o says where the results of a folder lie; name that folder too: folio serve DIR -o RESULTS.")
    accepted = accepted_keys(keys, key_file)
    if endpoint:
        use_environment({"AWS_ENDPOINT_URL_S3": endpoint})
    settings = load_settings()
    config = run.ServeConfig(
        host=host,
        port=port,
        keys=accepted,
        jobs=jobs or settings.cores(),
        bucket=bucket,
        folder=folder,
        results=results,
    )
    try:
        run.serve(
            config, settings, lambda address: console.out(tr("Folio is at {address}/ until Ctrl-C.", address=address))
        )
    except KeyboardInterrupt:
        console.err(tr("Stopped."))


def accepted_keys(keys: tuple[str, ...], key_file: Path | None) -> tuple[str, ...]:
    """Return the keys of options, environment and file, and take them out of the environment. Raises BadOption."""
    accepted = (*keys, *variable(_KEYS).split(), *(key_file.read_text("utf-8").split() if key_file else ()))
    if key_file and not accepted:
        raise BadOption("The file of API keys is empty.")
    use_environment({_KEYS: ""})  # nothing that is started from here on needs them
    return accepted
