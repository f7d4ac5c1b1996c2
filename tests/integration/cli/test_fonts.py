"""`folio doctor` on fonts, where there is no fc-list to ask, as in a container."""

import shutil
from pathlib import Path

import pytest

from folio.desk.fonts import FONTS, font
from tests.support.tools import needs_tools

NONE = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/nowhere</dir></fontconfig>'

pytestmark = [needs_tools, pytest.mark.parametrize("pattern", FONTS)]


@pytest.fixture(autouse=True)
def without_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Poppler alone is on PATH."""
    (tmp_path / "pdftoppm").symlink_to(shutil.which("pdftoppm") or "")
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_font_that_poppler_draws_with_is_there(pattern: str) -> None:
    assert font(pattern) == "one that poppler draws"


def test_none_is_there_where_poppler_draws_a_blank_page(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fonts.conf").write_text(NONE)
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    assert font(pattern) is None
