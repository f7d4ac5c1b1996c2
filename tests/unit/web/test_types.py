"""The page offers the very types of files that are read."""

import re
from pathlib import Path

from folio.documents.kinds import kinds, media_types

INDEX = Path(__file__).parents[3] / "functions" / "folio" / "web" / "index.html"


def test_the_page_offers_all_types_that_are_read() -> None:
    match = re.search(r'accept="([^"]*)"', INDEX.read_text())
    assert match is not None
    assert {suffix for kind in kinds(here=False) for suffix in kind.suffixes} <= set(match[1].split(","))


def test_every_type_has_a_media_type_and_a_suffix_of_its_own() -> None:
    assert len(media_types()) == len({one for kind in kinds(here=False) for one in kind.media_types})
    assert all(kind.suffixes and kind.media_types for kind in kinds(here=False))
