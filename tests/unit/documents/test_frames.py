"""Pictures of phones, and pictures that move: the first frame, or all of them."""

from pathlib import Path

import pytest
from PIL import Image

from folio.documents.raster.images import decode, identify, is_picture
from tests.support.paths import DATA


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.avif"])
def test_frames_of_a_moving_picture_are_pages_if_they_are_asked_for(name: str, tmp_path: Path) -> None:
    frames = [Image.new("L", (60, 40), shade) for shade in (0, 120, 255)]
    source = tmp_path / name
    frames[0].save(source, save_all=True, append_images=frames[1:])
    assert [identify(source)[1], identify(source, frames=True)[1]] == [1, 3]
    with Image.open(decode(source, 3, tmp_path, 10**8, 10**8).path) as last:
        assert min(last.tobytes()) > 240


def test_a_picture_of_a_phone_is_decoded(tmp_path: Path) -> None:
    assert is_picture(DATA / "photo.heic")
    assert identify(DATA / "photo.heic") == ("image/heic", 1)
    assert identify(DATA / "burst.heic", frames=True) == ("image/heic", 2)
    picture = decode(DATA / "photo.heic", 1, tmp_path, 10**8, 10**8)
    assert (picture.width, picture.height) == (640, 300)
    with Image.open(picture.path) as image:
        shades = image.tobytes()
    assert min(shades) < 60
    assert max(shades) > 240
