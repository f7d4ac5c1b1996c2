"""JPEGs that Pillow's library does not decode: 12 bits a sample, and lossless ones of other than 8 (ITU-T T.81).

Scanners of film and medical devices write them. Where each Huffman code would end is looked up for all bits of a window
at once, so that Python only follows the codes from one to the next.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.documents.raster import jpeg
from folio.documents.raster.huffman import Codes, Entropy
from folio.errors import DamagedDocument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Samples = NDArray[np.int32]  # height x width
else:
    Samples = object

_TABLES, _QUANTIZATION, _SCAN, _INTERVAL, _JFIF, _ADOBE = 0xC4, 0xDB, 0xDA, 0xDD, 0xE0, 0xEE
_ZIGZAG = (
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
)  # fmt: skip


def decode(path: Path, frame: jpeg.Frame) -> "NDArray[np.uint8]":
    """Return the picture as height x width (gray) or height x width x components (RGB, CMYK), reduced to 8 bits.

    Raises DamagedDocument.
    """
    import numpy as np

    decoder = _Decoder(path.read_bytes(), frame)
    decoder.run()
    planes = [decoder.planes[index] for index in range(len(frame.components))]
    shift = frame.precision - 8
    reduced = [plane >> shift if shift > 0 else plane << -shift for plane in planes]
    stacked = np.stack(reduced, axis=-1)
    if len(planes) == 3 and decoder.is_ycc():
        stacked = _rgb(stacked)
    return stacked.clip(0, 255).astype(np.uint8).squeeze(axis=-1) if len(planes) == 1 else _bytes(stacked)


def _bytes(samples: Samples) -> "NDArray[np.uint8]":
    import numpy as np

    return samples.clip(0, 255).astype(np.uint8)


def _rgb(ycc: Samples) -> Samples:
    import numpy as np

    y, blue, red = (ycc[..., index].astype(float) for index in range(3))
    blue, red = blue - 128, red - 128
    rgb = np.stack([y + 1.402 * red, y - 0.344136 * blue - 0.714136 * red, y + 1.772 * blue], axis=-1)
    return rgb.round().astype(np.int32)


class _Scan(Struct, frozen=True):
    """`components`: index in the frame and the numbers of its tables. The rest are the scan's parameters."""

    components: tuple[tuple[int, int, int], ...]
    predictor: int
    transform: int


class _Decoder:
    def __init__(self, data: bytes, frame: jpeg.Frame) -> None:
        self._data, self._frame = data, frame
        self._codes: dict[int, Codes] = {}  # class * 16 + number
        self._quantization: dict[int, list[int]] = {}
        self._interval = 0
        self._jfif, self._adobe = False, -1
        self.planes: dict[int, Samples] = {}

    def is_ycc(self) -> bool:
        if self._adobe >= 0:
            return self._adobe == 1
        named = bytes(component[0] for component in self._frame.components) == b"RGB"
        return self._jfif or not (named or self._frame.kind == jpeg.LOSSLESS)

    def run(self) -> None:
        """Read the tables and decode all scans."""
        offset = 0
        while offset >= 0:
            scan, offset_of_data = None, -1
            for kind, start, end in jpeg.segments(self._data, offset):
                if kind == _SCAN:
                    scan, offset_of_data = self._scan(self._data[start:end]), end
                else:
                    self._take(kind, self._data[start:end])
            if scan is None:
                break
            entropy = Entropy(self._data, offset_of_data)
            (self._lossless if self._frame.kind == jpeg.LOSSLESS else self._blocks)(scan, entropy)
            offset = entropy.end
        if len(self.planes) < len(self._frame.components):
            raise DamagedDocument("The picture is damaged: it breaks off.")

    def _take(self, kind: int, content: bytes) -> None:
        if kind == _TABLES:
            while len(content) > 16:
                total = sum(content[1:17])
                self._codes[content[0]] = Codes.made(content[1:17], content[17 : 17 + total])
                content = content[17 + total :]
        elif kind == _QUANTIZATION:
            while content:
                wide = content[0] >> 4 > 0
                size = 128 if wide else 64
                values = content[1 : 1 + size]
                step = 2 if wide else 1
                self._quantization[content[0] & 15] = [
                    int.from_bytes(values[at : at + step]) for at in range(0, len(values), step)
                ]
                content = content[1 + size :]
        elif kind == _INTERVAL:
            self._interval = int.from_bytes(content[:2])
        elif kind == _JFIF:
            self._jfif = self._jfif or content.startswith(b"JFIF")
        elif kind == _ADOBE and content.startswith(b"Adobe") and len(content) > 11:
            self._adobe = content[11]

    def _scan(self, content: bytes) -> _Scan:
        ids = [component[0] for component in self._frame.components]
        end = 1 + 2 * content[0]
        chosen = tuple((ids.index(content[at]), content[at + 1] >> 4, content[at + 1] & 15) for at in range(1, end, 2))
        return _Scan(chosen, content[end], content[end + 2] & 15)

    # --- Lossless: each sample as its difference from a prediction ---

    def _lossless(self, scan: _Scan, entropy: Entropy) -> None:
        import numpy as np

        frame = self._frame
        count = len(scan.components)
        codes = [self._codes[table] for _, table, _ in scan.components]
        rows = self._interval // frame.width if self._interval else frame.height
        differences = np.concatenate(
            [
                entropy.differences(codes, min(rows, frame.height - top) * frame.width)
                for top in range(0, frame.height, max(1, rows))
            ]
        ).reshape(frame.height, frame.width, count)
        for position, (index, _, _) in enumerate(scan.components):
            plane = np.concatenate(
                [
                    _undo_prediction(part, scan.predictor, 1 << (frame.precision - scan.transform - 1))
                    for part in _parts(differences[..., position], max(1, rows))
                ]
            )
            self.planes[index] = plane << scan.transform

    # --- Sequential: blocks of 8 x 8 samples as frequencies ---

    def _blocks(self, scan: _Scan, entropy: Entropy) -> None:
        import numpy as np

        frame = self._frame
        shape = _Shape.of(frame, [index for index, _, _ in scan.components])
        order = [position for position, blocks in enumerate(shape.per_unit) for _ in range(blocks)]
        tables = [(self._codes[dc], self._codes[16 + ac]) for _, dc, ac in scan.components]
        total = shape.units
        step = self._interval or total
        parts = [
            entropy.blocks([tables[position] for position in order], order, min(step, total - first))
            for first in range(0, total, step)
        ]
        coefficients = np.concatenate(parts).reshape(total, len(order), 64)
        starts = [0, *accumulate(shape.per_unit)]
        for position, (index, _, _) in enumerate(scan.components):
            blocks = coefficients[:, starts[position] : starts[position + 1]]
            component = frame.components[index]
            plane = shape.assembled(_samples(blocks, self._quantization[component[3]], frame.precision), position)
            self.planes[index] = _stretched(plane, frame, index)


class _Shape(Struct, frozen=True):
    """How the blocks of a scan lie: units across and down, and for each component blocks of a unit across and down."""

    across: int
    down: int
    sampling: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, frame: jpeg.Frame, indexes: list[int]) -> "_Shape":
        largest = (max(c[1] for c in frame.components), max(c[2] for c in frame.components))
        if len(indexes) == 1:  # a component alone: its own blocks in rows
            _, h, v, _ = frame.components[indexes[0]]
            width, height = -(-frame.width * h // largest[0]), -(-frame.height * v // largest[1])
            return cls(-(-width // 8), -(-height // 8), ((1, 1),))
        sampling = tuple((frame.components[index][1], frame.components[index][2]) for index in indexes)
        return cls(-(-frame.width // (8 * largest[0])), -(-frame.height // (8 * largest[1])), sampling)

    @property
    def units(self) -> int:
        return self.across * self.down

    @property
    def per_unit(self) -> list[int]:
        return [h * v for h, v in self.sampling]

    def assembled(self, blocks: Any, position: int) -> Samples:
        """Put blocks (units x blocks of a unit x 8 x 8) where they belong."""
        h, v = self.sampling[position]
        laid = blocks.reshape(self.down, self.across, v, h, 8, 8).transpose(0, 2, 4, 1, 3, 5)
        plane: Samples = laid.reshape(self.down * v * 8, self.across * h * 8)
        return plane


def _samples(coefficients: Any, quantization: list[int], precision: int) -> Any:
    """Return the samples of blocks (… x 64 coefficients in zigzag order) as … x 8 x 8."""
    import numpy as np

    ordered = np.zeros(coefficients.shape, np.float32)
    ordered[..., list(_ZIGZAG)] = coefficients * np.array(quantization, np.float32)
    frequencies = ordered.reshape(*coefficients.shape[:-1], 8, 8)
    angle = np.arange(8)
    basis = np.cos((2 * angle[None, :] + 1) * angle[:, None] * np.pi / 16).astype(np.float32) / 2
    basis[0] /= np.sqrt(2)
    samples = basis.T @ frequencies @ basis + (1 << (precision - 1))
    return samples.round().clip(0, (1 << precision) - 1).astype(np.int32)


def _stretched(plane: Samples, frame: jpeg.Frame, index: int) -> Samples:
    _, h, v, _ = frame.components[index]
    max_h, max_v = max(c[1] for c in frame.components), max(c[2] for c in frame.components)
    stretched: Samples = plane.repeat(-(-max_h // h), axis=1).repeat(-(-max_v // v), axis=0)
    return stretched[: frame.height, : frame.width]


def _parts(plane: Samples, rows: int) -> Iterator[Samples]:
    return (plane[top : top + rows] for top in range(0, len(plane), rows))


def _undo_prediction(differences: Samples, predictor: int, first: int) -> Samples:
    """Return the samples from their differences (height x width); all is modulo 65536 (T.81, H.1.2)."""
    import numpy as np

    samples = differences.astype(np.int64)
    samples[0, 0] += first
    samples[0] = np.cumsum(samples[0])
    samples[:, 0] = np.cumsum(samples[:, 0])
    for row in range(1, len(samples)):
        _undo_row(samples[row], samples[row - 1] & 0xFFFF, predictor)
    return (samples & 0xFFFF).astype(np.int32)


def _undo_row(row: Any, above: Any, predictor: int) -> None:
    """Make samples of a row's differences; its first sample is one already."""
    import numpy as np

    rest, steps = row[1:], np.diff(above)
    if predictor == 1:
        row[:] = np.cumsum(row)
    elif predictor == 2:
        rest += above[1:]
    elif predictor == 3:
        rest += above[:-1]
    elif predictor in (4, 5):
        rest += steps if predictor == 4 else steps >> 1
        row[:] = np.cumsum(row)
    elif predictor in (6, 7):
        previous, values = int(row[0]) & 0xFFFF, []
        for difference, over, corner in zip(rest.tolist(), above[1:].tolist(), above[:-1].tolist(), strict=True):
            guess = over + ((previous - corner) >> 1) if predictor == 6 else (previous + over) >> 1
            previous = (guess + difference) & 0xFFFF
            values.append(previous)
        rest[:] = values
    else:
        raise DamagedDocument("The picture is damaged: its prediction does not exist.")
