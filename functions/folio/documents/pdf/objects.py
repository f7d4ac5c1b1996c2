"""Objects written one after the other into a PDF, new or grown by an increment (ISO 32000-1, 7.5)."""

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


_PACK_OBJECTS = 100  # to a stream: a reader that needs one of them unpacks all


class PdfFile:
    """A PDF that grows; only the offsets of its own objects are kept in memory.

    A `packed` one keeps objects in compressed streams, and their table too (ISO 32000-1, 7.5.7): an increment may do so
    where the file that grows does.
    """

    def __init__(self, path: Path, first: int, packed: bool) -> None:
        """`first` is the lowest object number that is free."""
        self._file = path.open("ab")
        self._next = first
        self._packed = packed
        self._waiting: list[tuple[int, bytes]] = []
        # Rows of the table: 1, the offset in the file, the generation; or 2, the number of a stream, the index in it.
        self._rows: dict[int, tuple[int, int, int]] = {}

    @classmethod
    def new(cls, path: Path) -> Self:
        path.write_bytes(_HEADER)
        return cls(path, 1, packed=True)

    @property
    def next_number(self) -> int:
        return self._next

    @property
    def is_empty(self) -> bool:
        return not (self._rows or self._waiting)

    def reserve(self) -> int:
        """Return a number for an object that is written later."""
        self._next += 1
        return self._next - 1

    def put(self, body: bytes, number: int | None = None, generation: int = 0) -> int:
        """Write an object, a new one or a new version of an old one, and return its number."""
        number = self.reserve() if number is None else number
        if not self._packed or generation:
            self._write(body, number, generation)
            return number
        self._waiting.append((number, body))
        if len(self._waiting) == _PACK_OBJECTS:
            self._pack()
        return number

    def put_stream(self, data: bytes, entries: bytes = b"", number: int | None = None) -> int:
        """Write a stream as it is and return its number; `entries` tell how it is encoded."""
        number = self.reserve() if number is None else number
        self._write(b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data), number)
        return number

    def put_deflated(self, data: bytes, entries: bytes = b"", number: int | None = None) -> int:
        return self.put_stream(zlib.compress(data, 9), entries + b"/Filter/FlateDecode", number)

    def _write(self, body: bytes, number: int, generation: int = 0) -> None:
        self._rows[number] = 1, self._file.tell(), generation
        self._file.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))

    def _pack(self) -> None:
        if not self._waiting:
            return
        stream, heads, bodies = self.reserve(), b"", b""
        for index, (number, body) in enumerate(self._waiting):
            heads += b"%d %d " % (number, len(bodies))
            bodies += body + b"\n"
            self._rows[number] = 2, stream, index
        form = b"/Type/ObjStm/N %d/First %d" % (len(self._waiting), len(heads))
        self._waiting.clear()
        self.put_deflated(heads + bodies, form, stream)

    def finish(self, trailer: Mapping[str, bytes]) -> int:
        """Write the table of the objects written here, and close the file; return where the table is."""
        if self._packed:
            self._pack()
            offset = self._cross_reference_stream(trailer)
        else:
            offset = self._file.tell()
            self._file.write(b"xref\n")
            for run in self._runs():
                self._file.write(b"%d %d\n" % (run[0], len(run)))
                self._file.writelines(b"%010d %05d n\r\n" % self._rows[number][1:] for number in run)
            self._file.write(b"trailer\n<<%s/Size %d>>\n" % (_entries(trailer), self._next))
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % offset)
        self._file.close()
        return offset

    def _cross_reference_stream(self, trailer: Mapping[str, bytes]) -> int:
        number, offset = self.reserve(), self._file.tell()
        self._rows[number] = 1, offset, 0
        runs = list(self._runs())
        rows = (self._rows[one] for run in runs for one in run)
        table = b"".join(kind.to_bytes() + where.to_bytes(8) + last.to_bytes(2) for kind, where, last in rows)
        index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs)
        form = b"/Type/XRef/W[1 8 2]/Index[%s]/Size %d" % (index, self._next)
        self.put_deflated(table, form + _entries(trailer), number)
        return offset

    def _runs(self) -> list[list[int]]:
        """Return the numbers of the objects, rising, grouped by those that follow each other."""
        runs: list[list[int]] = []
        for number in sorted(self._rows):
            if runs and runs[-1][-1] + 1 == number:
                runs[-1].append(number)
            else:
                runs.append([number])
        return runs

    def close(self) -> None:
        self._file.close()


def _entries(trailer: Mapping[str, bytes]) -> bytes:
    return b"".join(b"/%s %s" % (name.encode(), value) for name, value in trailer.items())
