"""The process that reads a page, started before the command is imported: meanwhile one of two cores does nothing."""

import mmap
from collections.abc import Sequence
from pathlib import Path

from folio.config.environment import cores, variable

_COMMANDS = ("read", "pdf", "text", "table", "inspect")
_NOT_READ = ("-h", "--help")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")
# Both may name another engine.
_PROVIDER_OPTION, _PROVIDER_SETTING, _OURS = "--provider", "FOLIO_PROVIDERS", ("", "auto", "ppocr")


def start_ahead(command: str, arguments: Sequence[str]) -> None:
    """Start a process that loads PP-OCR's networks if a command is surely to read something by them."""
    if cores() > 1 and reads_scan(command, arguments):
        from folio.documents import children

        children.start("folio.reading.loading", "load")


def reads_scan(command: str, arguments: Sequence[str]) -> bool:
    """Return whether a command that is not parsed yet reads a picture or a scan, by no engine that was chosen."""
    if command not in _COMMANDS or variable(_PROVIDER_SETTING) not in _OURS:
        return False
    if any(one in _NOT_READ or one.startswith(_PROVIDER_OPTION) for one in arguments):
        return False
    return any(_is_scan(Path(one)) for one in arguments)


def _is_scan(path: Path) -> bool:
    """Return whether a file is a picture, or a PDF of pictures whose bytes tell of no fonts."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:5] != b"%PDF-":
                return data[:6].startswith(_PICTURES)
            from folio.documents.pdf.facts import may_be_scan

            return may_be_scan(data)
    except (OSError, ValueError):  # an empty file cannot be mapped
        return False
