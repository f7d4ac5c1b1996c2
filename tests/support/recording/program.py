# ruff: noqa: PTH105, PTH118, PTH123, PTH208
# (pathlib alone would take as long to import as all of this to run)
"""Stands on PATH before the real `tesseract`: what was answered to the same image and options is answered again.

An answer is kept under what it follows from: the engine (its version and its data, see `recordings.py`), the options,
and the bytes of the image. What is not known yet the real engine answers, and it is kept. Nothing but the paths of the
files may differ between two equal questions. Failures are not kept.

It is run for each page that a test reads, by processes of every kind, so it imports next to nothing: a hundredth of a
second, where Tesseract takes a half. `recordings.install` puts a copy of it on PATH, with REAL and KNOWN filled in.
"""

import os
import sys
from _blake2 import blake2b
from marshal import dumps, loads
from typing import NoReturn

REAL = ""  # the engine's own program
KNOWN = ""  # the folder with its answers

type Answer = tuple[bytes, bytes, dict[str, bytes]]  # standard output, standard error, files by what follows the name


def main(arguments: list[str]) -> None:
    if len(arguments) < 2 or arguments[0].startswith("-"):  # --version, --list-langs
        os.execv(REAL, [REAL, *arguments])
    source, target, *options = arguments
    image = sys.stdin.buffer.read() if source in ("stdin", "-") else _bytes(source)
    known = os.path.join(KNOWN, key(image, options, to_stdout=target in ("stdout", "-")))
    if (answer := _kept(known)) is None:
        answer = _ask(arguments, image, target, known)
    out, err, files = answer
    for suffix, content in files.items():
        with open(target + suffix, "wb") as file:
            file.write(content)
    sys.stderr.buffer.write(err)
    sys.stdout.buffer.write(out)


def key(image: bytes, options: list[str], *, to_stdout: bool) -> str:
    asked = "\0".join([*options, "stdout" * to_stdout]).encode()
    return blake2b(asked + b"\0\0" + image, digest_size=12).hexdigest()


def _bytes(source: str) -> bytes:
    try:
        with open(source, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _kept(known: str) -> Answer | None:
    try:
        with open(known, "rb") as file:
            answer: Answer = loads(file.read())
        os.utime(known)  # it is in use
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return answer


def _ask(arguments: list[str], image: bytes, target: str, known: str) -> Answer:
    """Ask the real engine, which ends with this process, however that ends."""
    import subprocess
    from ctypes import CDLL

    parent = os.getpid()

    def end_together() -> None:
        CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
        if os.getppid() != parent:
            os._exit(1)

    given = image if arguments[0] in ("stdin", "-") else None
    done = subprocess.run([REAL, *arguments], input=given, capture_output=True, check=False, preexec_fn=end_together)
    answer: Answer = (done.stdout, done.stderr, _left(target))
    if done.returncode:
        _fail(answer, done.returncode)
    try:
        with open(f"{known}.{parent}", "wb") as file:
            file.write(dumps(answer))
        os.replace(f"{known}.{parent}", known)
    except OSError:
        pass  # a full or read-only disk: the next one asks again
    return answer


def _left(target: str) -> dict[str, bytes]:
    folder, name = os.path.split(target)
    if target in ("stdout", "-"):
        return {}
    there = [found for found in os.listdir(folder or ".") if found.startswith(name) and found != name]
    return {found[len(name) :]: _bytes(os.path.join(folder, found)) for found in there}


def _fail(answer: Answer, code: int) -> NoReturn:
    sys.stdout.buffer.write(answer[0])
    sys.stderr.buffer.write(answer[1])
    sys.stdout.flush()
    sys.stderr.flush()
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
