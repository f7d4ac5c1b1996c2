"""What only its label gives away on one page is masked on the pages before and after it too."""

from pathlib import Path

import pytest

from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.structure.fields.checks import is_card_number
from folio.wiring import make_services
from tests.integration.reading.test_redaction import OUTPUTS
from tests.integration.reading.test_redaction_everywhere import leaks, written
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.tools import needs_tools

pytestmark = needs_tools

ACCOUNT = "6222021234567891"  # no number of a card: its check digit is another
OTHER = "7777998800776655"


def read(path: Path, **options: str) -> Result:
    services = make_services(FolderStore(path.parent), Settings(jobs=2))
    outcome = read_upload(Request(key=path.name, options=options), services, Deadline(280))
    assert outcome.status == "complete", outcome.error
    assert outcome.masked is not None
    return decode((path.parent / keys.result_key(path.name)).read_bytes(), Result)


@pytest.mark.slow("every output is made of four pages")
def test_a_number_known_by_its_label_is_masked_on_all_pages(tmp_path: Path) -> None:
    assert not is_card_number(ACCOUNT)
    lines = (
        f"The sum of {ACCOUNT} was moved", f"Account: {ACCOUNT}", "Nothing is here", f"see {ACCOUNT[:8]} {ACCOUNT[8:]}"
    )  # fmt: skip
    pages = [
        PdfPage(content=text(line, f"Page {n}, and {OTHER} as a number of an order")) for n, line in enumerate(lines)
    ]
    (tmp_path / "moved.pdf").write_bytes(make_pdf(*pages))
    result = read(tmp_path / "moved.pdf", redact="bank_card", outputs=OUTPUTS)
    assert [len(page.redactions) for page in result.pages] == [1, 1, 0, 2]
    assert result.redacted == {"bank_card": 4}
    assert result.text.count(OTHER) == 4, "what no label names stays"
    assert leaks([ACCOUNT], written(tmp_path, "moved.pdf")) == []
    assert [page.number for page in result.pages] == [1, 2, 3, 4]
