"""A person's desk: `folio`, some files, and the paid services on loopback."""

from pathlib import Path

from folio.models import ErrorReport, Result, decode
from tests.support.clouds import FAST, Servers, variables
from tests.support.documents.drawings import draw
from tests.support.processes.running import Ran, folio

TEXT = "lantern and meadow"


def picture(path: Path, text: str = TEXT) -> Path:
    """A document that is read in a blink."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(text, size=(700, 140), at=(40, 40), gap=0.45).image.save(path)
    return path


def run(servers: Servers, cwd: Path, *arguments: str, **more: str) -> Ran:
    return folio(*arguments, cwd=cwd, timeout=120, **(variables(servers) | {"FOLIO_QPS": FAST} | more))


def read(servers: Servers, cwd: Path, *arguments: str) -> Ran:
    ran = run(servers, cwd, "read", *arguments)
    assert "Traceback" not in ran.err
    return ran


def result(path: Path) -> Result:
    return decode(path.with_name(f"{path.name}.ocr.json").read_bytes(), Result)


def error(path: Path) -> ErrorReport:
    return decode(path.with_name(f"{path.name}.ocr.error.json").read_bytes(), ErrorReport)


def called(servers: Servers) -> dict[str, int]:
    return {name: len(server.calls) for name, server in servers.items() if server.calls}
