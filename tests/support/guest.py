"""What tests have done in a child process (`folio.documents.children`)."""

import os
import time
from pathlib import Path
from typing import cast

from folio.documents import child
from folio.errors import UnsupportedType
from folio.providers.ppocr.onnx.networks import networks
from folio.providers.ppocr.page.ahead import with_look_ahead

_prepared: list[str] = []


def prepare() -> None:
    """Fail after it has done something."""
    _prepared.append("done")
    raise ValueError


def prepared() -> list[str]:
    return _prepared


def process() -> int:
    return os.getpid()


def variables() -> tuple[str, ...]:
    return tuple(os.environ)


def beside(folder: Path, name: str) -> Path:
    return folder / name


def refuse(word: str) -> None:
    raise UnsupportedType(f"Not {word}.")


def divide(number: int) -> float:
    return 1 / number


def take(size: int) -> int:
    return len(bytearray(size))


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def end() -> None:
    os._exit(1)


def lie() -> int:
    return cast("int", "a word")


def cores_seen(least: int, most: int, seconds: float) -> list[int]:
    """Return how many cores this process might use, each time that changed, until both were seen."""
    seen = [child.cores()]
    end = time.monotonic() + seconds
    while not {least, most} <= set(seen) and time.monotonic() < end:
        time.sleep(0.01)
        seen += [now] if (now := child.cores()) != seen[-1] else []
    return seen


def looked_ahead(count: int, cores: int) -> tuple[list[int], list[int]]:
    """Return which of so many lines others looked at, and all in the order in which they were given."""
    has_cores(cores)
    looked: list[int] = []

    def look(line: int) -> None:
        time.sleep(0.02)
        looked.append(line)
        if line % 2:
            raise ValueError

    def read(line: int) -> int:
        if line not in looked:
            time.sleep(0.02)
        return line

    given = [read(line) for line in with_look_ahead(range(count), look)]
    return looked, given


def has_cores(count: int) -> bool:
    """Wait until this process may use so many cores, and return whether it may."""
    end = time.monotonic() + 30
    while child.cores() != count and time.monotonic() < end:
        time.sleep(0.01)
    return child.cores() == count


def has_networks() -> bool:
    """Return whether PP-OCR's networks are loaded in this process."""
    return bool(networks.cache_info().currsize)
