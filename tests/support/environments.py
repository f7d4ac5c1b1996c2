"""Environments for packages whose pins would hold back those of uv.lock, or which are too large for every set-up."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def python_with(pins: Path) -> Path:
    """The Python of an environment below the cache; made once for these pins, by whichever test process is first."""
    cache = Path(
        os.environ.get("FOLIO_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "folio")
    )
    folder = cache / f"{pins.stem}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run(pins.stem, sys.executable, "-m", "venv", folder)
            _run(pins.stem, folder / "bin" / "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", pins)
            (folder / "ready").touch()
    return folder / "bin" / "python"


def _run(what: str, *command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=280)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"{what} could not be installed: {done.stderr[-500:]}")
    assert done.returncode == 0, done.stderr
