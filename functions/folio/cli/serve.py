"""`folio serve` on the command line."""

import click

from folio.cli import console
from folio.options.settings import load_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--api-key", "keys", multiple=True, help="Asked of callers; may be given several times. [default: none]")
@click.option("--jobs", type=click.IntRange(1, 64), help="Documents read at once. [default: one per core]")
def serve(host: str, port: int, keys: tuple[str, ...], jobs: int | None) -> None:
    """The HTTP API and its web page on this machine, with an S3 inside, until Ctrl-C. Nothing is kept afterwards."""
    from folio.serve import run

    settings = load_settings()
    config = run.ServeConfig(host=host, port=port, keys=keys, jobs=jobs or settings.cores())
    try:
        run.serve(config, settings, lambda address: console.out(f"Folio is at {address}/ until Ctrl-C."))
    except KeyboardInterrupt:
        console.err("Stopped.")
