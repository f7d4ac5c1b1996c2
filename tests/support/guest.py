"""What tests have done in a child process (`folio.documents.children`)."""

import os
import time
from pathlib import Path
from typing import cast

from folio.errors import UnsupportedType


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
