"""Answers of Tesseract that are kept: in tests/data for the engines named there, in the user's cache for every other.

An engine is its version and its data. A test that needs the engine itself, because it watches it work or stops it, has
the fixture `real_engine` (tests/support/plugins/engine.py).
"""

import lzma
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from marshal import dumps, loads
from pathlib import Path
from typing import Any

import msgspec

from tests.support.paths import DATA
from tests.support.recording import program

KEPT = DATA / "recordings"
_BYTES = "latin-1"  # a character for each, so that equal lines stay equal and pack well
_SMALL = 500_000  # bytes of one engine's answers in the repository


def cache_folder() -> Path:
    """The folder of everything that can be made again."""
    return Path(os.environ.get("FOLIO_CACHE") or Path.home() / ".cache" / "folio") / "recordings"


@cache
def engine() -> tuple[Path, str] | None:
    """The real program, and what its answers depend on: its version, and the data that it reads by."""
    if (found := shutil.which("tesseract")) is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    version = (re.search(r"tesseract v?(\S+)", said.stdout + said.stderr) or ["", "unknown"])[1]
    listed = subprocess.run([found, "--list-langs"], capture_output=True, text=True, check=False).stdout
    folder = Path((re.search(r'"(.*)"', listed) or ["", "/nonexistent"])[1])
    data = sorted((path.name, path.stat().st_size) for path in folder.glob("*.traineddata"))
    return Path(found), f"tesseract-{version}-{sha256(repr(data).encode()).hexdigest()[:8]}"


def install(folder: Path, fresh: Path | None = None) -> None:
    """Write the program into a folder that comes first on PATH. It keeps answers where they are found again, or only in
    `fresh`, which begins empty.
    """
    there = engine()
    assert there is not None
    known = fresh or _known()
    known.mkdir(parents=True, exist_ok=True)
    if not fresh:
        _unpack(archive(), known)
    code = Path(program.__file__).read_text("utf-8")
    for variable, value in (("REAL", there[0]), ("KNOWN", known)):
        code = code.replace(f'\n{variable} = ""', f"\n{variable} = {str(value)!r}", 1)
    script = folder / "tesseract"
    # -I and -S: none of the environment, and no site-packages, which would take it ten times as long to begin.
    script.write_text(f"#!{sys.executable} -IS\n{code}", "utf-8")
    script.chmod(0o755)


def stale(fresh: Path) -> list[str]:
    """What the engine has just answered and the repository holds another answer to."""
    kept = load(archive()) if archive().exists() else {}
    return sorted(path.name for path in _answers(fresh) if kept.get(path.name, given := _answer(path)) != given)


def not_in_repository(since: float) -> int:
    """Of the answers that were in use."""
    kept = load(archive()) if archive().exists() else {}
    return sum(path.stat().st_mtime >= since and path.name not in kept for path in _answers(_known()))


def engine_name() -> str:
    there = engine()
    return there[1] if there else "none"


def _known() -> Path:
    return cache_folder() / engine_name()


def archive() -> Path:
    """The file in tests/data with the answers of this machine's engine; perhaps it is not there."""
    return KEPT / f"{engine_name()}.xz"


def _answers(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if "." not in path.name]


def _answer(path: Path) -> program.Answer:
    answer: program.Answer = loads(path.read_bytes())
    return answer


def _unpack(source: Path, known: Path) -> None:
    """What the repository has and the cache has not; nothing where it was seen before."""
    with suppress(FileNotFoundError):
        seen = known / f".{sha256(source.read_bytes()).hexdigest()[:16]}"
        if not seen.exists():
            for name, answer in load(source).items():
                if not (known / name).exists():
                    temporary = known / f"{name}.{os.getpid()}"
                    temporary.write_bytes(dumps(answer))
                    temporary.replace(known / name)
            seen.touch()


def load(source: Path) -> dict[str, program.Answer]:
    kept: dict[str, Any] = msgspec.json.decode(lzma.decompress(source.read_bytes()))
    return {
        name: (out.encode(_BYTES), err.encode(_BYTES), {suffix: text.encode(_BYTES) for suffix, text in files.items()})
        for name, (out, err, files) in kept.items()
    }


def save(target: Path, answers: dict[str, program.Answer]) -> int:
    """The bytes it takes."""
    kept = {
        name: (out.decode(_BYTES), err.decode(_BYTES), {suffix: text.decode(_BYTES) for suffix, text in files.items()})
        for name, (out, err, files) in sorted(answers.items())
    }
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(lzma.compress(msgspec.json.encode(kept), preset=9 | lzma.PRESET_EXTREME))
    return target.stat().st_size


def keep(fresh: Path) -> int:
    """Keep these answers in the repository, and no others of this engine; the bytes they take."""
    size = save(archive(), {path.name: _answer(path) for path in _answers(fresh)})
    assert size < _SMALL, f"{size} bytes are too many for the repository: fewer tests should read, or smaller pages"
    return size
