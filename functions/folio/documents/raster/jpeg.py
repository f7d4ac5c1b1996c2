"""What a JPEG says of itself: its kind of coding and its precision, up to the first scan (ITU-T T.81, annex B)."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

SIGNATURE = b"\xff\xd8\xff"
SEQUENTIAL = (0xC0, 0xC1)  # start of frame: Huffman coded, one scan
PROGRESSIVE = 0xC2
LOSSLESS = 0xC3
_ARITHMETIC = (0xC9, 0xCA)
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0), 0xF7)  # F7: JPEG-LS
_START_OF_SCAN, _START, _END, _RESTART = 0xDA, 0xD8, 0xD9, range(0xD0, 0xD8)
_MAX_HEADER_BYTES = 20_000_000  # profiles and previews stand before the picture


class Frame(Struct, frozen=True):
    """The header of a frame: `kind` is its marker, `offset` of `precision` (bits a sample) that in the file.

    `components` are id, sampling across, sampling down and number of the quantization table.
    """

    kind: int
    precision: int
    offset: int
    height: int
    width: int
    components: tuple[tuple[int, int, int, int], ...]

    @property
    def fits_pdf(self) -> bool:
        """Whether readers of PDF decode it."""
        return self.precision == 8 and self.kind in (*SEQUENTIAL, PROGRESSIVE)

    @property
    def is_decoded_by_pillow(self) -> bool:
        return self.precision == 8 and self.kind in (*SEQUENTIAL, PROGRESSIVE, LOSSLESS, *_ARITHMETIC)

    @property
    def is_deep(self) -> bool:
        """Whether `documents.raster.deep_jpeg` decodes it."""
        lossless = self.kind == LOSSLESS and 2 <= self.precision <= 16
        return (lossless and self.precision != 8) or (self.kind in SEQUENTIAL and self.precision == 12)


def read_frame(path: Path) -> Frame | None:
    """Return the header of the first frame, or None if there is none that is whole."""
    with path.open("rb") as file:
        data = file.read(_MAX_HEADER_BYTES)
    return next((frame for kind, start, end in segments(data) if (frame := _frame(kind, data[start:end], start))), None)


def segments(data: bytes, offset: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of the content of each segment, up to and with the next start of scan."""
    while 0 <= (offset := data.find(b"\xff", offset)) < len(data) - 3:
        kind = data[offset + 1]
        offset += 1
        if kind in (0, 0xFF):
            continue
        offset += 1
        if kind in (_START, *_RESTART, 1):
            continue
        if kind == _END:
            return
        end = offset + int.from_bytes(data[offset : offset + 2])
        yield kind, offset + 2, end
        if kind == _START_OF_SCAN:
            return
        offset = end


def _frame(kind: int, content: bytes, offset: int) -> Frame | None:
    if kind not in _FRAMES or len(content) < 6 or len(content) < 6 + 3 * content[5]:
        return None
    components = tuple(
        (content[at], content[at + 1] >> 4, content[at + 1] & 15, content[at + 2])
        for at in range(6, 6 + 3 * content[5], 3)
    )
    height, width = int.from_bytes(content[1:3]), int.from_bytes(content[3:5])
    return Frame(kind, content[0], offset, height, width, components)
