"""Pictures that Pillow alone would refuse, or read as another: what other programs show, Folio reads."""

import struct
import zlib
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from folio.documents.raster.images import decode, identify
from folio.errors import DamagedDocument, UnsupportedType
from tests.support.documents.jpegs import deep_jpeg, lossless_jpeg
from tests.support.documents.tiffs import Order, tiff

ANY = 10**9
RANDOM = np.random.default_rng(7)
SLOPE = (np.add.outer(np.arange(21) * 9, np.arange(35) * 2)).astype(np.uint8)


def read(path: Path, number: int = 1, raster: int = ANY) -> NDArray[np.int_]:
    with Image.open(decode(path, number, path.parent, ANY, raster).path) as image:
        return np.asarray(image).astype(int)


def file(folder: Path, data: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(data)
    return path


def chunk(kind: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    checksum = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png_with(folder: Path, extra: bytes) -> Path:
    """A PNG with more chunks behind its header."""
    path = folder / "a.png"
    Image.fromarray(SLOPE).save(path)
    data = path.read_bytes()
    path.write_bytes(data[:33] + extra + data[33:])
    return path


LONG = b"Comment\0\0" + zlib.compress(b"x" * 3_000_000)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="3"/></x:xmpmeta>'


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"zTXt", LONG),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"x" * 3_000_000)),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"x" * 3_000_000)),
        chunk(b"zTXt", b"Raw profile type exif\0\0nonsense"),
        chunk(b"tEXt", b"Comment\0" + b"x" * 2_000_000),
        chunk(b"tEXt", b"Comment\0hello", crc=1),
        chunk(b"pHYs", struct.pack(">IIB", 11811, 11811, 1), crc=1),
        chunk(b"iCCP", b"profile\0\0nonsense"),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"x" * 3_000_000)),
        chunk(b"prVt", b"anything", crc=1),
    ],
)
def test_what_a_png_says_about_itself_is_no_reason_to_refuse_it(extra: bytes, tmp_path: Path) -> None:
    path = png_with(tmp_path, extra)
    assert identify(path) == ("image/png", 1)
    assert (read(path) == SLOPE).all()


def test_a_png_is_turned_as_its_comment_says(tmp_path: Path) -> None:
    extra = chunk(b"tEXt", b"Comment\0hello", crc=1) + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    assert (read(png_with(tmp_path, extra)) == SLOPE[::-1, ::-1]).all()


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize(("precision", "channels", "rows"), [(12, 1, 0), (16, 1, 3), (10, 3, 0), (4, 1, 0)])
def test_a_lossless_jpeg_is_read_exactly(
    predictor: int, precision: int, channels: int, rows: int, tmp_path: Path
) -> None:
    samples = RANDOM.integers(0, 1 << precision, (11, 13, channels))
    path = file(tmp_path, lossless_jpeg(samples, precision, predictor, rows))
    eight = samples >> (precision - 8) if precision > 8 else samples << (8 - precision)
    colors = Image.fromarray(eight.astype(np.uint8).squeeze())
    assert identify(path) == ("image/jpeg", 1)
    assert (read(path) == np.asarray(colors.convert("L"))).all()


@pytest.mark.parametrize("units", [0, 1, 7])
def test_a_jpeg_of_twelve_bits_is_read(units: int, tmp_path: Path) -> None:
    samples = np.add.outer(np.arange(43) * 50, np.arange(61) * 30)[..., None]
    samples[10:20, 10:40] = 100
    path = file(tmp_path, deep_jpeg(samples, units))
    assert abs(read(path) - samples[..., 0] // 16).max() <= 3
    assert read(path, raster=600).size < 700, "reduced"


def test_more_than_a_window_of_codes_is_read(tmp_path: Path) -> None:
    samples = RANDOM.integers(0, 1 << 16, (140, 500, 1))
    path = file(tmp_path, lossless_jpeg(samples, 16, 1))
    assert path.stat().st_size * 8 > 1 << 20
    assert (read(path) == samples[..., 0] >> 8).all()


@pytest.mark.parametrize("remaining", [0.5, 0.9, 0.97])
@pytest.mark.parametrize("kind", ["lossless", "deep"])
def test_a_deep_jpeg_that_breaks_off_is_damaged(kind: str, remaining: float, tmp_path: Path) -> None:
    samples = RANDOM.integers(0, 4096, (40, 40, 1))
    data = lossless_jpeg(samples, 12, 1) if kind == "lossless" else deep_jpeg(samples)
    with pytest.raises(DamagedDocument):
        read(file(tmp_path, data[: int(len(data) * remaining)]))


@pytest.mark.parametrize("big", [True, False])
@pytest.mark.parametrize("order", get_args(Order))
@pytest.mark.parametrize("factor", [1, 257])
def test_either_byte_order_is_read(order: Order, big: bool, factor: int, tmp_path: Path) -> None:
    slope = SLOPE.astype(np.uint16) * factor if factor > 1 else SLOPE
    path = file(tmp_path, tiff(slope, slope[::-1], order=order, big=big).data)
    assert identify(path) == ("image/tiff", 2)
    assert (read(path) == SLOPE).all()
    assert (read(path, 2) == SLOPE[::-1]).all()


def jpeg_ls() -> bytes:
    return b"\xff\xd8\xff\xf7" + struct.pack(">HBHHB", 11, 8, 8, 8, 1) + bytes([1, 0x11, 0]) + b"\xff\xd9"


def bmp_with_png() -> bytes:
    return b"BM" + struct.pack("<LLLLLLHHLLLLLL", 94, 0, 54, 40, 8, 8, 1, 32, 5, 40, 0, 0, 0, 0) + bytes(40)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (jpeg_ls(), "JPEG-LS"),
        (bmp_with_png(), "a BMP with a PNG in it"),
        (tiff(SLOPE, compression=50002).data, "compression 50002"),
        (tiff(SLOPE, compression=34925).data, "compression 34925"),
        (tiff(np.zeros((8, 8), np.uint64)).data, "64 bits"),  # type: ignore[arg-type] # which nobody reads
        (lossless_jpeg(SLOPE[:8, :8, None].astype(int), 12, 1).replace(b"\xff\xc3", b"\xff\xc7"), "12 bits"),
    ],
)
def test_a_whole_picture_of_an_unknown_kind_is_not_called_damaged(data: bytes, name: str, tmp_path: Path) -> None:
    path = file(tmp_path, data)
    with pytest.raises(UnsupportedType, match=name):
        (identify(path), read(path))
