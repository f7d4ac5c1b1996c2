"""`folio serve` on the command line."""

from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.config.environment import use_environment, variable
from folio.errors import BadOption
from folio.options.settings import load_settings

_KEYS = "FOLIO_API_KEYS"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_API_KEY = f"Asked of callers; may be given several times. Also in {_KEYS}, with spaces between. [default: none]"
_API_KEY_FILE = "A file with keys, one a line."
_BUCKET = "Keep documents in this bucket, for workers to read, instead of an S3 inside."


@click.command(epilog=examples("folio serve", "folio serve --host 0.0.0.0 --api-key-file keys.txt"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Any address but loopback needs a key.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--api-key", "keys", multiple=True, help=_API_KEY)
@click.option("--api-key-file", "key_file", type=_FILE, help=_API_KEY_FILE)
@click.option("--jobs", type=click.IntRange(1, 64), help="Documents read at once. [default: one per core]")
@click.option("--bucket", default="", help=_BUCKET)
@click.option("--endpoint", metavar="URL", help="Of an S3 that is not AWS's: MinIO and others.")
def serve(
    host: str,
    port: int,
    keys: tuple[str, ...],
    key_file: Path | None,
    jobs: int | None,
    bucket: str,
    endpoint: str | None,
) -> None:
    """The HTTP API and its web page, until Ctrl-C. Without a bucket nothing is kept afterwards."""
    from folio.serve import run

    accepted = (*keys, *variable(_KEYS).split(), *(key_file.read_text("utf-8").split() if key_file else ()))
    if key_file and not accepted:
        raise BadOption("The file of API keys is empty.")
    use_environment({_KEYS: ""})  # nothing that is started from here on needs them
    if endpoint:
        use_environment({"AWS_ENDPOINT_URL_S3": endpoint})
    settings = load_settings()
    config = run.ServeConfig(host=host, port=port, keys=accepted, jobs=jobs or settings.cores(), bucket=bucket)
    try:
        run.serve(config, settings, lambda address: console.out(f"Folio is at {address}/ until Ctrl-C."))
    except KeyboardInterrupt:
        console.err("Stopped.")
