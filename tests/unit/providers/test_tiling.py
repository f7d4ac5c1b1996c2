"""An image as a service takes it: within every limit, with as little loss as can be, and every word in its place."""

import base64
import io
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote_plus

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from folio.errors import EngineFailed, ImageRefused
from folio.models import PageText, Word
from folio.providers.cloud import aliyun, baidu, tencent
from folio.providers.tiling import MIN_SCALE, Limits, Tile, encode_tiles, merge, shrink_tile, split_tile
from tests.fakes.paid_provider import Grey, flat, noise, page_of, paper, reader, text_of, word

WIDE = Limits(size=10_000_000, counted="raw")
# Small enough for a test to reach, in the proportions of the real ones.
SMALL = Limits(size=20_000, counted="base64", min_side=15, max_side=400, max_ratio=10)


def path_of(image: Grey, folder: Path) -> Path:
    return page_of(image, folder).path


def opened(piece: Tile) -> Image.Image:
    return Image.open(io.BytesIO(piece.data))


def require_within(piece: Tile, limits: Limits) -> None:
    shown = opened(piece)
    assert shown.size == (piece.width, piece.height)
    assert limits.measure(piece.data) <= limits.size
    assert limits.min_side <= min(shown.size)
    assert max(shown.size) <= limits.max_side
    assert max(shown.size) <= limits.max_ratio * min(shown.size)


def require_mapped(piece: Tile) -> None:
    """The corners of what was drawn lead exactly to the region's; what was added beside it leads out of it."""
    left, top, right, bottom = piece.region
    across, _, _, _, down, *_ = piece.to_image.matrix
    drawn = (right - left) / across, (bottom - top) / down
    assert drawn == pytest.approx((round(drawn[0]), round(drawn[1])))
    assert drawn[0] <= piece.width + 1e-6
    assert drawn[1] <= piece.height + 1e-6
    assert piece.to_image.point((0, 0)) == (left, top)
    assert piece.to_image.point(drawn) == pytest.approx((right, bottom))


sizes = st.tuples(st.integers(1, 900), st.integers(1, 900))


@given(sizes, st.sampled_from(["white", "noise"]), st.booleans())
@settings(max_examples=40)
def test_every_piece_is_within_the_limits_and_together_they_are_the_page(
    tmp_path_factory: pytest.TempPathFactory, size: tuple[int, int], look: str, may_cut: bool
) -> None:
    image = paper(*size) if look == "white" else noise(*size)
    pieces = encode_tiles(path_of(image, tmp_path_factory.mktemp("fit")), SMALL, may_cut=may_cut)
    assert may_cut or len(pieces) == 1
    for piece in pieces:
        require_within(piece, SMALL)
        require_mapped(piece)
    covered = np.zeros(size, int)
    for left, top, right, bottom in (piece.core for piece in pieces):
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


@pytest.mark.parametrize("counted", ["raw", "base64", "urlencoded"])
@given(data=st.binary(max_size=300))
def test_bytes_are_counted_as_they_are_sent(counted: str, data: bytes) -> None:
    encoded = base64.b64encode(data)
    sent = {"raw": len(data), "base64": len(encoded), "urlencoded": len(quote_plus(encoded))}
    assert Limits(size=1, counted=counted).measure(data) == sent[counted]  # type: ignore[arg-type] # one of the three


def test_what_fits_is_sent_without_loss(tmp_path: Path) -> None:
    image = noise(300, 200)
    (piece,) = encode_tiles(path_of(image, tmp_path), WIDE, may_cut=True)
    assert opened(piece).format == "PNG"
    assert np.array_equal(np.asarray(opened(piece)), image)
    assert not piece.reduced


@pytest.mark.parametrize(("size", "form", "reduced"), [(65_000, "PNG", False), (50_000, "JPEG", False),
                                                       (15_000, "JPEG", True)])  # fmt: skip
def test_first_without_loss_then_as_jpeg_then_smaller(size: int, form: str, reduced: bool, tmp_path: Path) -> None:
    (piece,) = encode_tiles(path_of(noise(300, 200), tmp_path), Limits(size=size, counted="raw"), may_cut=True)
    assert (opened(piece).format, piece.reduced) == (form, reduced)
    require_mapped(piece)


def test_what_cannot_be_made_small_enough_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageRefused, match="cannot be made small enough"):
        encode_tiles(path_of(noise(300, 200), tmp_path), Limits(size=300, counted="raw"), may_cut=True)


def test_an_image_that_is_not_whole_is_an_error(tmp_path: Path) -> None:
    path = path_of(noise(300, 200), tmp_path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(EngineFailed, match="incomplete"):
        encode_tiles(path, WIDE, may_cut=True)


@pytest.mark.parametrize(("height", "width"), [(3, 40), (40, 3), (1, 1), (20, 900), (900, 20)])
def test_what_is_put_on_white_keeps_its_place(height: int, width: int, tmp_path: Path) -> None:
    image = paper(height, width, 0)
    (piece,) = encode_tiles(path_of(image, tmp_path), Limits(size=10**6, counted="raw", max_ratio=10), may_cut=False)
    shown = np.asarray(opened(piece))
    assert (shown[:height, :width] == 0).all()
    assert (shown == 0).sum() == height * width
    assert set(np.unique(shown)) <= {0, 255}
    assert piece.to_image.point((width, height)) == (width, height)


def test_a_page_is_cut_only_where_it_would_lose_half_its_letters(tmp_path: Path) -> None:
    at_the_bound = path_of(paper(int(400 / MIN_SCALE), 300), tmp_path)
    assert len(encode_tiles(at_the_bound, SMALL, may_cut=True)) == 1
    assert encode_tiles(at_the_bound, SMALL, may_cut=True)[0].reduced
    beyond = path_of(paper(int(400 / MIN_SCALE) + 1, 300), tmp_path)
    assert len(encode_tiles(beyond, SMALL, may_cut=True)) == 2
    assert len(encode_tiles(beyond, SMALL, may_cut=False)) == 1


@pytest.mark.parametrize("upright", [True, False])
def test_the_cut_lies_in_a_white_row_where_there_is_one(upright: bool, tmp_path: Path) -> None:
    image = paper(900, 200, 120)
    image[520:524] = 255  # within the middle third, not in its middle
    first, second = encode_tiles(path_of(image if upright else image.T.copy(), tmp_path), SMALL, may_cut=True)
    cut = first.core[3] if upright else first.core[2]
    assert 520 <= cut <= 524
    assert (second.core[1] if upright else second.core[0]) == cut


def test_of_many_white_rows_the_middle_one_is_cut(tmp_path: Path) -> None:
    first, _ = encode_tiles(path_of(paper(900, 200), tmp_path), SMALL, may_cut=True)
    assert first.core[3] == pytest.approx(450, abs=2)


@pytest.mark.parametrize(("height", "width"), [(900, 200), (200, 900), (1700, 300), (3000, 200), (1500, 1500)])
def test_beside_a_cut_a_piece_sees_a_little_more(height: int, width: int, tmp_path: Path) -> None:
    pieces = encode_tiles(path_of(paper(height, width), tmp_path), SMALL, may_cut=True)
    assert len(pieces) > 1
    for piece in pieces:
        left, top, right, bottom = piece.core
        more = max(0, left - 256), max(0, top - 64), min(width, right + 256), min(height, bottom + 64)
        # Only where another piece begins: nothing is beyond the page.
        assert piece.region == more


def scattered(height: int, width: int) -> list[Word]:
    """Rows of words with room between them."""
    return [
        word(f"w{top}x{left}", left, top, 30, 12)
        for top in range(8, height - 20, 40)
        for left in range(10, width - 40, 60)
    ]


def drawn(height: int, width: int, words: list[Word]) -> Grey:
    image = paper(height, width)
    for one in words:
        (left, top), _, (right, bottom), _ = one.polygon
        image[int(top) : int(bottom), int(left) : int(right)] = 0
    return image


@pytest.mark.parametrize(("height", "width"), [(900, 200), (200, 900), (1700, 300), (3000, 200), (1500, 1500)])
def test_every_word_is_read_once_and_where_it_is(height: int, width: int, tmp_path: Path) -> None:
    words = scattered(height, width)
    pieces = encode_tiles(path_of(drawn(height, width, words), tmp_path), SMALL, may_cut=True)
    assert len(pieces) > 1
    read = merge([(piece, reader(*words)(piece)) for piece in pieces])
    assert sorted(line.text for line in read.lines) == sorted(one.text for one in words)
    places = {one.text: flat(one.polygon) for one in words}
    for line in read.lines:
        assert flat(line.polygon) == pytest.approx(places[line.text], abs=0.01)


def test_halves_of_a_long_page_follow_each_other(tmp_path: Path) -> None:
    words = scattered(3000, 120)
    pieces = encode_tiles(path_of(drawn(3000, 120, words), tmp_path), SMALL, may_cut=True)
    assert all(upper.core[3] == lower.core[1] for upper, lower in pairwise(pieces))
    read = merge([(piece, reader(*words)(piece)) for piece in pieces])
    assert [line.text for line in read.lines] == [one.text for one in words]


def test_of_one_piece_all_is_kept_as_it_was_read(tmp_path: Path) -> None:
    (piece,) = encode_tiles(path_of(paper(300, 200), tmp_path), WIDE, may_cut=True)
    read = PageText("a\n\nb", text_of(word("a", 1, 1), word("b", 1, 90)).lines, warnings=("w",), rotation=90)
    assert merge([(piece, read)]) == read


def test_warnings_of_several_pieces_are_told_once(tmp_path: Path) -> None:
    pieces = encode_tiles(path_of(paper(900, 200), tmp_path), SMALL, may_cut=True)
    assert merge([(piece, PageText("", (), warnings=("w",))) for piece in pieces]).warnings == ("w",)


def test_a_page_is_whole_if_all_of_its_pieces_are(tmp_path: Path) -> None:
    first, *others = encode_tiles(path_of(paper(900, 200), tmp_path), SMALL, may_cut=True)
    whole = [(piece, PageText("", ())) for piece in others]
    assert merge([(first, PageText("", ())), *whole]).is_whole
    assert not merge([(first, PageText("", (), is_whole=False)), *whole]).is_whole


@pytest.mark.parametrize(("height", "width"), [(300, 200), (900, 300), (200, 700)])
def test_refitting_gives_the_same_part_smaller(height: int, width: int, tmp_path: Path) -> None:
    path = path_of(noise(height, width), tmp_path)
    for piece in encode_tiles(path, SMALL, may_cut=True):
        again = shrink_tile(path, piece, SMALL)
        assert (again.region, again.core) == (piece.region, piece.core)
        assert max(again.width, again.height) <= 0.7 * max(piece.width, piece.height)
        assert len(again.data) <= len(piece.data) / 2
        require_within(again, SMALL)
        require_mapped(again)


@pytest.mark.parametrize(("height", "width"), [(300, 200), (200, 300), (900, 300)])
def test_halving_gives_the_same_part_in_two(height: int, width: int, tmp_path: Path) -> None:
    path = path_of(paper(height, width), tmp_path)
    whole = encode_tiles(path, SMALL, may_cut=True)[0]
    first, second = split_tile(path, whole, SMALL)
    assert first.core[:2] == whole.core[:2]
    assert second.core[2:] == whole.core[2:]
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first.core, second.core, whole.core)]
    assert areas[0] + areas[1] == areas[2]
    assert min(areas[:2]) >= areas[2] / 3 - 200


@pytest.mark.parametrize("service", [baidu.Baidu, tencent.Tencent, aliyun.Aliyun])
@pytest.mark.parametrize(("height", "width"), [(20, 20), (40, 3000), (1200, 300)])
def test_a_page_is_within_what_every_endpoint_takes(
    service: type[baidu.Baidu | tencent.Tencent | aliyun.Aliyun], height: int, width: int, tmp_path: Path
) -> None:
    path = path_of(paper(height, width), tmp_path)
    for operation in service.declaration.operations.values():
        for piece in encode_tiles(path, operation.limits, may_cut=operation.cut):
            require_within(piece, operation.limits)
            require_mapped(piece)
