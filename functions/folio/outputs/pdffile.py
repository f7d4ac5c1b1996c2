"""Objects written one after the other into a PDF, new or grown by an increment (ISO 32000-1, 7.5)."""

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """A PDF that grows; only the places of its own objects are kept in memory."""

    def __init__(self, path: Path, first: int) -> None:
        """`first` is the lowest object number that is free."""
        self._file = path.open("ab")
        self._next = first
        self._places: dict[int, tuple[int, int]] = {}

    @classmethod
    def new(cls, path: Path) -> Self:
        path.write_bytes(_HEADER)
        return cls(path, 1)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._next += 1
        return self._next - 1

    def put(self, body: bytes, number: int | None = None, generation: int = 0) -> int:
        """Write an object, a new one or a new version of an old one; its number."""
        number = self.reserve() if number is None else number
        self._places[number] = generation, self._file.tell()
        self._file.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
        return number

    def put_stream(self, data: bytes, entries: bytes = b"", number: int | None = None) -> int:
        """Write a stream as it is; `entries` tell how it is encoded."""
        return self.put(b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data), number)

    def put_deflated(self, data: bytes, entries: bytes = b"", number: int | None = None) -> int:
        return self.put_stream(zlib.compress(data, 9), entries + b"/Filter/FlateDecode", number)

    def finish(self, trailer: Mapping[str, bytes], as_stream: bool = False) -> None:
        """The table of the objects written here. As a stream where the file that grew has one: readers expect it."""
        if as_stream:
            place = self._cross_reference_stream(trailer)
        else:
            place = self._file.tell()
            self._file.write(b"xref\n")
            if "Prev" not in trailer:
                self._file.write(b"0 1\n0000000000 65535 f\r\n")
            for run in self._runs():
                self._file.write(b"%d %d\n" % (run[0], len(run)))
                self._file.writelines(b"%010d %05d n\r\n" % self._places[number][::-1] for number in run)
            self._file.write(b"trailer\n<<%s/Size %d>>\n" % (_entries(trailer), self._next))
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % place)
        self._file.close()

    def _cross_reference_stream(self, trailer: Mapping[str, bytes]) -> int:
        number, place = self.reserve(), self._file.tell()
        self._places[number] = 0, place
        runs = list(self._runs())
        rows = b"".join(
            b"\x01" + self._places[one][1].to_bytes(8) + self._places[one][0].to_bytes(2) for run in runs for one in run
        )
        index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs)
        form = b"/Type/XRef/W[1 8 2]/Index[%s]/Size %d" % (index, self._next)
        self.put_deflated(rows, form + _entries(trailer), number)
        return place

    def _runs(self) -> list[list[int]]:
        """The numbers of the objects, rising, those together that follow each other."""
        runs: list[list[int]] = []
        for number in sorted(self._places):
            if runs and runs[-1][-1] + 1 == number:
                runs[-1].append(number)
            else:
                runs.append([number])
        return runs

    def close(self) -> None:
        self._file.close()


def _entries(trailer: Mapping[str, bytes]) -> bytes:
    return b"".join(b"/%s %s" % (name.encode(), value) for name, value in trailer.items())
