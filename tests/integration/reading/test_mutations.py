"""Damaged documents of all types end in a result or in one sentence, never in a traceback or without an end."""

import time
from collections import Counter

import pytest

import folio
from folio.errors import Refused
from tests.support.documents.mutations import mutated
from tests.support.sizes import size

SEED = 20261128
MAX_SECONDS = 120  # for a document of two small pages, on a busy machine


@pytest.mark.soak
@pytest.mark.timeout(size(300, full=7200))  # alone it takes minutes; the machine may be shared
@pytest.mark.slow("reads some thirty documents")
def test_damaged_documents_end_in_a_result_or_a_sentence() -> None:
    outcomes = Counter[str]()
    for name, content in mutated(SEED, size(36, full=500)):
        began = time.monotonic()
        try:
            document = folio.read(content, languages="eng", dpi=100, jobs=1)
        except Refused as error:
            outcome, message = type(error).__name__, error.message
        else:
            outcome, message = document.result.status, "."
            assert document.result.pages, name
            assert all(page.error for page in document.result.pages if page.status == "failed"), name
        outcomes[outcome] += 1
        assert message.endswith("."), name
        assert "\n" not in message, name
        assert time.monotonic() - began < MAX_SECONDS, name
    print(dict(outcomes))
    assert outcomes["complete"]
    assert outcomes["DamagedDocument"]
