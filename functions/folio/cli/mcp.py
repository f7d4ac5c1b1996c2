"""`folio mcp` on the command line."""

from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import examples
from folio.cli.messages import desk_hint, tr
from folio.cli.reading import FOLDER
from folio.cli.serve import API_KEY, API_KEY_FILE, FILE, accepted_keys
from folio.desk.local import absolute
from folio.errors import BadOption, ToolMissing
from folio.options.settings import load_settings

_HTTP = "Streamable HTTP instead of standard input and output."
_DIRS = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    epilog=examples("folio mcp ~/contracts", "folio mcp ~/contracts --http --host 0.0.0.0 --api-key-file keys.txt")
)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=_DIRS)
@click.option("-o", "--output", type=FOLDER, help="Folder for results. [default: beside the files]")
@click.option("--http", is_flag=True, help=_HTTP)
@click.option("--host", default="127.0.0.1", show_default=True, help="Any address but loopback needs a key.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any that is free.")
@click.option("--api-key", "keys", multiple=True, help=API_KEY)
@click.option("--api-key-file", "key_file", type=FILE, help=API_KEY_FILE)
def mcp(
    folders: tuple[Path, ...],
    output: Path | None,
    http: bool,
    host: str,
    port: int,
    keys: tuple[str, ...],
    key_file: Path | None,
) -> None:
    """Let agents read the documents in DIR and below it, by the Model Context Protocol (MCP).

    Tools list and read documents, pages, tables and fields, and search within a document. A document without a result
    is read when it is asked for. Nothing outside of DIR is shown, and no hidden file. Needs pip install
    'folio-ocr[mcp]'.
    """
    try:
        from folio.serve.agents.run import McpConfig, serve_agents
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise ToolMissing("The package mcp is not installed; pip install 'folio-ocr[mcp]' brings it.") from error

    accepted = accepted_keys(keys, key_file)
    if not http and (keys or key_file or host != "127.0.0.1"):
        raise BadOption("Addresses and keys are for HTTP; add --http, or leave them out.")
    results = absolute(output) if output else None
    config = McpConfig(folders=folders, results=results, http=http, host=host, port=port, keys=accepted)
    try:
        serve_agents(config, load_settings(), desk_hint, _tell)
    except KeyboardInterrupt:
        console.err(tr("Stopped."))


def _tell(address: str) -> None:
    console.out(tr("Agents reach the documents at {address} until Ctrl-C.", address=address))
