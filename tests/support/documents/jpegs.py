"""JPEGs as Pillow does not write them: lossless ones, and such of 12 bits. All codes of a table have one length."""

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

type Samples = NDArray[np.int64]  # height x width x components

_CATEGORIES = range(17)
_RUNS = [0, 0xF0, *(run * 16 + size for run in range(16) for size in range(1, 15))]
_ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i % 8 if (i // 8 + i % 8) % 2 else i // 8) * -1))


class _Bits:
    def __init__(self) -> None:
        self.text: list[str] = []

    def code(self, symbols: Sequence[int], symbol: int, length: int) -> None:
        self.text.append(format(symbols.index(symbol), f"0{length}b"))

    def number(self, value: int, size: int) -> None:
        if size and size < 16:
            self.text.append(format(value if value > 0 else value + (1 << size) - 1, f"0{size}b"))

    def data(self) -> bytes:
        text = "".join(self.text)
        text += "1" * (-len(text) % 8)
        return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)).replace(b"\xff", b"\xff\0")


def _segment(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(content) + 2) + content


def _table(number: int, symbols: Sequence[int], length: int) -> bytes:
    counts = bytes(len(symbols) if bits == length else 0 for bits in range(1, 17))
    return _segment(0xC4, bytes([number]) + counts + bytes(symbols))


def _joined(header: bytes, scan: bytes, intervals: Iterable[bytes]) -> bytes:
    data = b"".join(
        part + (b"" if last else bytes([0xFF, 0xD0 + number % 8]))
        for number, part, last in (
            (i, part, i == len(parts) - 1) for parts in [list(intervals)] for i, part in enumerate(parts)
        )
    )
    return b"\xff\xd8" + header + _segment(0xDA, scan) + data + b"\xff\xd9"


def lossless_jpeg(samples: Samples, precision: int, predictor: int, rows: int = 0) -> bytes:
    """`rows` are those of a restart interval; 0 is without."""
    height, width, count = samples.shape
    parts = [samples[top : top + (rows or height)] for top in range(0, height, rows or height)]
    ids = bytes(range(1, count + 1))
    frame = struct.pack(">BHHB", precision, height, width, count) + b"".join(bytes([i, 0x11, 0]) for i in ids)
    interval = _segment(0xDD, struct.pack(">H", rows * width)) if rows else b""
    scan = bytes([count]) + b"".join(bytes([i, 0]) for i in ids) + bytes([predictor, 0, 0])
    header = _segment(0xC3, frame) + _table(0, _CATEGORIES, 5) + interval
    return _joined(header, scan, (_differences(part, 1 << (precision - 1), predictor) for part in parts))


def _differences(samples: Samples, first: int, predictor: int) -> bytes:
    bits, planes = _Bits(), [samples[..., channel].tolist() for channel in range(samples.shape[2])]
    for y, x, channel in np.ndindex(samples.shape):
        plane = planes[channel]
        a, b = (plane[y][x - 1] if x else 0), (plane[y - 1][x] if y else 0)
        c = plane[y - 1][x - 1] if x and y else 0
        inner = (0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1)[predictor]
        guess = inner if x and y else (a if x else b if y else first)
        difference = (plane[y][x] - guess + 32767) % 65536 - 32767
        size = abs(difference).bit_length()
        bits.code(_CATEGORIES, size, 5)
        bits.number(difference, size)
    return bits.data()


def deep_jpeg(samples: Samples, units: int = 0) -> bytes:
    """Gray of 12 bits, in blocks as they are most often; `units` are blocks of a restart interval; 0 is without."""
    height, width, _ = samples.shape
    padded = np.pad(samples[..., 0], ((0, -height % 8), (0, -width % 8)), mode="edge")
    angle = np.arange(8)
    basis = np.cos((2 * angle[None, :] + 1) * angle[:, None] * np.pi / 16) / 2
    basis[0] /= np.sqrt(2)
    blocks = [
        np.rint(basis @ (padded[y : y + 8, x : x + 8] - 2048) @ basis.T / 4).astype(int).ravel()[_ZIGZAG]
        for y in range(0, padded.shape[0], 8)
        for x in range(0, padded.shape[1], 8)
    ]
    header = _segment(0xDB, bytes([0]) + bytes([4] * 64))
    header += _segment(0xC1, struct.pack(">BHHB", 12, height, width, 1) + bytes([1, 0x11, 0]))
    header += _table(0, _CATEGORIES[:16], 5) + _table(16, _RUNS, 8)
    header += _segment(0xDD, struct.pack(">H", units)) if units else b""
    step = units or len(blocks)
    intervals = (_coded(blocks[at : at + step]) for at in range(0, len(blocks), step))
    return _joined(header, bytes([1, 1, 0, 0, 63, 0]), intervals)


def _coded(blocks: Sequence[NDArray[np.int64]]) -> bytes:
    bits, before = _Bits(), 0
    for block in blocks:
        difference, before = int(block[0]) - before, int(block[0])
        bits.code(_CATEGORIES, abs(difference).bit_length(), 5)
        bits.number(difference, abs(difference).bit_length())
        run = 0
        for value in block[1 : np.max(np.flatnonzero(block), initial=0) + 1].tolist():
            if value == 0:
                run += 1
                continue
            for _ in range(run // 16):
                bits.code(_RUNS, 0xF0, 8)
            size = abs(value).bit_length()
            bits.code(_RUNS, run % 16 * 16 + size, 8)
            bits.number(value, size)
            run = 0
        if not block[63]:
            bits.code(_RUNS, 0, 8)
    return bits.data()
