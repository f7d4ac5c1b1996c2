"""Folio as a stranger has it: its wheel, installed into an empty environment from which this checkout is not seen."""

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import Struct
from scripts.find_uv import find_uv

from tests.support.paths import ROOT

_UNREACHABLE = ("Failed to fetch", "Could not connect", "error sending request", "network was disabled")


class Installed(Struct, frozen=True):
    """The wheel, the source distribution it was made from, and the environment's programs."""

    wheel: Path
    source: Path
    programs: Path

    @property
    def command(self) -> str:
        return str(self.programs / "folio")

    @property
    def python(self) -> str:
        return str(self.programs / "python")


def install(folder: Path) -> Installed:
    """Build both distributions and install the wheel, with the versions of uv.lock, which `make setup` has fetched."""
    uv = uv_or_skip()
    _run(uv, "build", "--out-dir", folder / "dist", ROOT)
    [wheel], [source] = (list((folder / "dist").glob(pattern)) for pattern in ("*.whl", "*.tar.gz"))
    versions = folder / "constraints.txt"
    _run(uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "-o", versions, "--project", ROOT)
    _run(uv, "venv", "--python", sys.executable, folder / "venv")
    programs = folder / "venv" / "bin"
    _run(uv, "pip", "install", "--python", programs / "python", "--constraint", versions, wheel)
    return Installed(wheel, source, programs)


def uv_or_skip() -> str:
    try:
        return find_uv()
    except SystemExit as error:
        pytest.skip(str(error))


def _run(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=280, check=False)
    if done.returncode and any(sign in done.stderr for sign in _UNREACHABLE):
        pytest.skip("the package index cannot be reached, and uv's cache has not all of uv.lock; `make setup` fills it")
    assert done.returncode == 0, done.stderr
