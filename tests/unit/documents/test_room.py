"""Whether a document fits the scratch space."""

import shutil
from pathlib import Path

import pytest

from folio.documents.limits import check_room
from folio.errors import TooLarge


def test_a_document_that_can_never_fit_is_refused_and_the_sentence_says_what_to_raise(tmp_path: Path) -> None:
    total = shutil.disk_usage(tmp_path).total
    check_room(total // 2, tmp_path)
    with pytest.raises(TooLarge, match="EphemeralStorage"):
        check_room(total // 2 + 1, tmp_path)
