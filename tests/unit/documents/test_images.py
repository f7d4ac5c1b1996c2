import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from folio.documents.raster.images import Picture, decode, identify, is_picture, is_plain
from folio.errors import DamagedDocument, TooLarge, UnsupportedType
from folio.transform import Transform

ORIENTATION = 274
ANY = 10**9
# No two corners alike, and wider than high: every turn and flip of it is another picture.
UPRIGHT = np.array([[0, 40, 80], [120, 200, 255]], np.uint8)
# How a camera stores UPRIGHT for each orientation; row 0 and column 0 are at ... (EXIF 2.32, tag Orientation).
STORED = {
    1: UPRIGHT,  # top, left
    2: UPRIGHT[:, ::-1],  # top, right
    3: UPRIGHT[::-1, ::-1],  # bottom, right
    4: UPRIGHT[::-1],  # bottom, left
    5: UPRIGHT.T,  # left, top
    6: UPRIGHT.T[::-1],  # right, top
    7: UPRIGHT.T[::-1, ::-1],  # right, bottom
    8: UPRIGHT.T[:, ::-1],  # left, bottom
}


def blocks(pixels: NDArray[np.uint8], side: int = 16) -> NDArray[np.uint8]:
    """Each pixel as a square, so that lossy formats keep its colour."""
    return np.kron(pixels, np.ones((side, side), np.uint8))


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    return tags


def read(path: Path, number: int = 1, pixels: int = ANY, raster: int = ANY) -> Picture:
    return decode(path, number, path.parent, pixels, raster)


def grey_of(picture: Picture) -> NDArray[np.int_]:
    with Image.open(picture.path) as image:
        assert (image.format, image.mode) == ("PPM", "L")
        return np.asarray(image).astype(int)


def saved(folder: Path, image: Image.Image, name: str, **how: object) -> Path:
    path = folder / name
    image.save(path, **how)  # type: ignore[arg-type]  # whatever the format takes
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif"])
def test_a_picture_is_turned_upright(name: str, orientation: int, tmp_path: Path) -> None:
    stored = Image.fromarray(blocks(STORED[orientation]))
    path = saved(tmp_path, stored, name, exif=exif(orientation), quality=100)
    picture = read(path)
    assert (picture.width, picture.height) == (48, 32)
    assert picture.to_page == Transform()
    assert grey_of(picture)[8::16, 8::16] == pytest.approx(UPRIGHT.astype(int), abs=3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_a_reduced_picture_is_upright_too_and_knows_the_way_back(name: str, orientation: int, tmp_path: Path) -> None:
    stored = Image.fromarray(blocks(STORED[orientation], 64))
    path = saved(tmp_path, stored, name, exif=exif(orientation), quality=100)
    picture = read(path, raster=48 * 32)
    grey = grey_of(picture)
    assert grey.shape == (32, 48)
    assert (picture.width, picture.height) == (192, 128)
    assert picture.to_page.point((48, 32)) == pytest.approx((192, 128))
    assert grey[8::16, 8::16] == pytest.approx(UPRIGHT.astype(int), abs=4)


def test_a_reduced_picture_has_no_more_pixels_than_asked(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("L", (997, 331), 128), "a.jpg")
    picture = read(path, raster=50_000)
    height, width = grey_of(picture).shape
    assert width * height == pytest.approx(50_000, rel=0.02)
    assert picture.to_page.point((width, height)) == pytest.approx((997, 331))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.tif", "image/tiff"),
        ("a.bmp", "image/bmp"),
        ("a.gif", "image/gif"),
        ("a.webp", "image/webp"),
        ("a.jp2", "image/jp2"),
    ],
)
def test_every_type_is_known_by_content_and_read(name: str, media_type: str, tmp_path: Path) -> None:
    saved(tmp_path, Image.fromarray(blocks(UPRIGHT)), name)
    path = (tmp_path / name).rename(tmp_path / "nameless")
    assert is_picture(path)
    assert identify(path) == (media_type, 1)
    assert grey_of(read(path))[8::16, 8::16] == pytest.approx(UPRIGHT.astype(int), abs=10)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_of_grey_are_not_cut_to_white(name: str, tmp_path: Path) -> None:
    deep = (np.array([[0, 1000, 30000, 65535]]) + np.zeros((4, 1), int)).astype(np.uint16)
    assert grey_of(read(saved(tmp_path, Image.fromarray(deep), name)))[0] == pytest.approx([0, 3, 116, 255], abs=1)


def test_twelve_bits_of_grey_fill_the_range(tmp_path: Path) -> None:
    deep = np.array([[0, 2048, 4095]], np.uint16)
    assert grey_of(read(saved(tmp_path, Image.fromarray(deep), "a.tif")))[0] == pytest.approx([0, 128, 255], abs=1)


def test_thirty_two_bits_of_grey_are_not_cut_to_white(tmp_path: Path) -> None:
    deep = np.array([[0, 2**30, 2**31 - 1]], np.int32)
    assert grey_of(read(saved(tmp_path, Image.fromarray(deep), "a.tif")))[0] == pytest.approx([0, 128, 255], abs=1)


def test_floating_point_grey_fills_the_range(tmp_path: Path) -> None:
    deep = np.array([[0.0, 0.5, 1.0]], np.float32)
    assert grey_of(read(saved(tmp_path, Image.fromarray(deep), "a.tif")))[0] == pytest.approx([0, 127, 255], abs=1)


@pytest.mark.parametrize(("name", "how"), [("a.png", {}), ("a.tif", {"compression": "group4"}), ("a.tif", {})])
def test_one_bit_is_black_or_white(name: str, how: dict[str, str], tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[True, False, False]]))
    assert grey_of(read(saved(tmp_path, image, name, **how))).tolist() == [[255, 0, 0]]


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    clear.putpixel((1, 0), (0, 0, 0, 128))
    assert grey_of(read(saved(tmp_path, clear, "a.png"))).tolist() == [[255, 127]]


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_a_transparent_colour_of_a_palette_lies_on_white(name: str, tmp_path: Path) -> None:
    image = Image.new("P", (2, 1), 0)
    image.putpalette([0, 0, 0, 90, 90, 90])
    image.putpixel((1, 0), 1)
    assert grey_of(read(saved(tmp_path, image, name, transparency=0))).tolist() == [[255, 90]]


def test_grey_with_a_transparent_shade_lies_on_white(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 90]], np.uint8))
    assert grey_of(read(saved(tmp_path, image, "a.png", transparency=0))).tolist() == [[255, 90]]


def test_cmyk_is_not_read_inverted(tmp_path: Path) -> None:
    ink = Image.new("CMYK", (32, 16), (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), (16, 0, 32, 16))
    grey = grey_of(read(saved(tmp_path, ink, "a.jpg", quality=100)))
    assert grey[8, 4] > 250
    assert grey[8, 28] < 5


def test_every_frame_of_a_tiff_is_a_page_of_its_own_size(tmp_path: Path) -> None:
    frames = [Image.new("L", (10 * n, 5), 60 * n) for n in (1, 2, 3)]
    path = saved(tmp_path, frames[0], "a.tif", save_all=True, append_images=frames[1:])
    assert identify(path) == ("image/tiff", 3)
    for number in (3, 1, 2):
        picture = read(path, number)
        assert (picture.width, grey_of(picture)[2, 2]) == (10 * number, 60 * number)


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.gif", "image/gif"), ("a.webp", "image/webp"), ("a.png", "image/png")]
)
def test_of_a_moving_picture_the_first_frame_is_read(name: str, media_type: str, tmp_path: Path) -> None:
    frames = [Image.new("L", (16, 16), shade) for shade in (0, 255)]
    path = saved(tmp_path, frames[0], name, save_all=True, append_images=frames[1:], lossless=True)
    assert identify(path) == (media_type, 1)
    assert grey_of(read(path))[8, 8] == pytest.approx(0, abs=2)


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    frames = [Image.new("L", (16, 16), shade) for shade in (0, 255)]
    path = saved(tmp_path, frames[0], "a.mpo", save_all=True, append_images=frames[1:])
    assert identify(path) == ("image/jpeg", 1)
    assert grey_of(read(path))[8, 8] < 5


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    # The header of a picture of 10,000,000,000 pixels, and none of them: decoding would find it damaged.
    path = tmp_path / "bomb.png"
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    with pytest.raises(TooLarge, match="100000 x 100000"):
        read(path, pixels=120_000_000)


@pytest.mark.parametrize(("pixels", "fits"), [(600, True), (599, False)])
def test_the_limit_of_pixels_is_exact(pixels: int, fits: bool, tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("L", (30, 20)), "a.png")
    if fits:
        assert read(path, pixels=pixels).width == 30
    else:
        with pytest.raises(TooLarge):
            read(path, pixels=pixels)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.bmp", "a.gif", "a.webp", "a.jp2"])
@pytest.mark.parametrize("kept", [0.1, 0.6])
def test_a_truncated_picture_is_damaged(name: str, kept: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), name)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(DamagedDocument):
        read(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.gif", "a.webp", "a.jp2"])
def test_what_is_left_of_a_header_is_still_a_damaged_picture(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("L", (64, 64)), name)
    path.write_bytes(path.read_bytes()[:16])
    assert is_picture(path)
    with pytest.raises(DamagedDocument):
        identify(path)


@pytest.mark.parametrize("content", [b"Dear Sir or Madam,", b"", b"PK\x03\x04 office", b"<svg></svg>", b"II" * 20])
def test_another_file_is_of_no_type_we_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(content)
    assert not is_picture(path)
    with pytest.raises(UnsupportedType):
        identify(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
@pytest.mark.parametrize(
    "broken", [b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01", b"Exif\0\0"]
)
def test_broken_exif_data_are_no_reason_to_refuse(name: str, broken: bytes, tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("L", (16, 16), 9), name, exif=broken)
    assert grey_of(read(path))[8, 8] == pytest.approx(9, abs=2)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int, tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(UPRIGHT), "a.png", exif=exif(orientation))
    assert grey_of(read(path)).tolist() == UPRIGHT.tolist()


@pytest.mark.parametrize(("told", "dpi"), [(300, 300), (72, 72), (1, None), (10_000, None), (None, None)])
def test_the_resolution_is_believed_where_it_can_be_true(told: int | None, dpi: float | None, tmp_path: Path) -> None:
    how = {"dpi": (told, told)} if told else {}
    picture = read(saved(tmp_path, Image.new("L", (8, 8)), "a.png", **how))
    assert picture.dpi == pytest.approx(dpi, abs=0.1)


def test_a_plain_page_is_told_from_one_with_ink(tmp_path: Path) -> None:
    page = Image.new("L", (30, 20), 255)
    assert is_plain(saved(tmp_path, page, "a.pgm"))
    page.putpixel((3, 3), 0)
    assert not is_plain(saved(tmp_path, page, "b.pgm"))
