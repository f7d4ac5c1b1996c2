"""Standard output and standard error as they are found: full, closed, or in an encoding that lacks characters.

Whatever becomes of them, a command does its work to the end. What cannot be written is dropped, and the command says so
in a sentence and by its exit code. A character that the encoding lacks is written as an escape sequence, \\u4e2d, and
a file's name as the bytes that it has.
"""

import codecs
import io
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from folio.cli.messages import tr

if TYPE_CHECKING:
    from collections.abc import Buffer

NOT_WRITTEN = 74  # sysexits.h: EX_IOERR
_ERRORS = "folio-escape"
_CLOSED = -1  # no descriptor


class Stream(io.RawIOBase):
    """A descriptor that takes what it can; after the first `error` nothing more is tried."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        remaining = memoryview(data)
        while remaining and not self.error:
            try:
                remaining = remaining[os.write(self._descriptor, remaining) :]
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.error = error
        return memoryview(data).nbytes

    def fileno(self) -> int:
        if self._descriptor == _CLOSED:
            raise io.UnsupportedOperation("This stream is closed.")
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)


class Streams:
    """The two streams of this process, from now on."""

    def __init__(self) -> None:
        codecs.register_error(_ERRORS, _escape)
        closed = {number for number in (0, 1, 2) if not _is_open(number)}
        for _ in closed:  # or the next file that is opened, a result maybe, would be taken for a stream
            os.open(os.devnull, os.O_RDWR)
        # C libraries (libtiff) write on descriptor 2 whatever they think of a damaged file; only we speak there.
        error = _CLOSED if 2 in closed else os.dup(2)
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        self._output = Stream(_CLOSED if 1 in closed else 1)
        sys.stdout = _text(self._output, sys.stdout)
        sys.stderr = _text(Stream(error), sys.stderr, line_buffering=True)

    def finish(self, code: int) -> int:
        """Return the exit code: the command's, or if it succeeded that of a standard output that did not."""
        sys.stdout.flush()
        if not self._output.error:
            return code
        reason = os.strerror(self._output.error.errno or 0)
        message = "Standard output could not be written ({reason}); what goes into files is there."
        err(f"folio: {tr(message, reason=reason)}")
        return code or NOT_WRITTEN


def out(text: str) -> None:
    """Write a line to standard output."""
    # Named, for click would write UTF-8 to a stream that is declared to be ASCII.
    click.echo(text, file=sys.stdout)


def err(text: str) -> None:
    """Write a line to standard error."""
    click.echo(text, file=sys.stderr)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _text(stream: Stream, before: TextIO | None, *, line_buffering: bool = False) -> TextIO:
    encoding = before.encoding if before else "utf-8"
    buffered = line_buffering or stream.isatty()
    return io.TextIOWrapper(io.BufferedWriter(stream), encoding=encoding, errors=_ERRORS, line_buffering=buffered)


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """Give bytes that a file's name holds back as they are, and other characters as escape sequences."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return codecs.backslashreplace_errors(
        UnicodeEncodeError(error.encoding, error.object, error.start, error.start + 1, error.reason)
    )
