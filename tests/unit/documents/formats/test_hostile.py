"""Files made to harm: each ends with a sentence, soon, and so does every damaged copy of a good one."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from folio.config.settings import Settings
from folio.documents import children
from folio.documents.opening import open_document
from folio.errors import Refused
from tests.support.documents.ofds import INVOICE, OfdPage, document, ofd, zipped
from tests.support.documents.office import epub, odt, pptx
from tests.support.documents.ole import compound, message
from tests.support.documents.opened import opened
from tests.support.documents.traps import dolls, traps

TRAPS = {name: (content, error) for name, content, error in traps()}
GOOD = {
    "ofd": ofd(document("Doc_0", [OfdPage(texts=INVOICE)])),
    "pptx": pptx([("text", (1, 1, 2, 1))]),
    "odt": odt("<text:p>text</text:p>"),
    "epub": epub(["<p>one</p>"]),
    "zip": zipped({"a.txt": b"text"}),
    "msg": compound(message({"0037": "subject", "1000": "text"})),
    "eml": dolls(1),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    content, error = TRAPS[name]
    source = tmp_path / "source"
    source.write_bytes(content)
    try:
        outcome, message = "read", f"{open_document(source, Settings(), 100, folder=tmp_path).pages} pages."
    except Refused as refused:
        outcome, message = type(refused).__name__, refused.message
    finally:
        children.close()
    assert outcome in error.split(), message
    assert message.endswith(".")


@pytest.mark.parametrize("name", GOOD)
def test_a_damaged_file_is_refused_or_read_and_nothing_else(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    for number in range(40):
        data = bytearray(GOOD[name])
        if number % 2:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(1, 12)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        if not data:
            continue
        with suppress(Refused):
            assert opened(bytes(data), tmp_path / str(number)).contents.entries
