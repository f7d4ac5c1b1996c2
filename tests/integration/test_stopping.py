"""`folio serve` is stopped in the middle of its work; `serving` sees to it that it does, and that nothing is left."""

import signal
import threading
import time

import pytest
import requests

from tests.integration.conftest import needs_tools
from tests.pdfs import PdfPage, make_pdf, words
from tests.running import tree
from tests.serving import Api, serving

pytestmark = needs_tools


@pytest.fixture(scope="module")
def long() -> bytes:
    """A document that takes longer than anybody here waits."""
    return make_pdf(*(PdfPage(picture=words(f"Chapter {page}", "the ferry leaves")) for page in range(1, 41)))


def wait_for_tesseract(api: Api) -> None:
    end = time.monotonic() + 60
    while not any(process.name() == "tesseract" for process in tree(api.pid)):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_while_an_upload_is_read(long: bytes, end: signal.Signals) -> None:
    with serving("--jobs", "2", end=end) as api:
        for _ in range(3):  # two are read, one waits
            api.upload(long)
        wait_for_tesseract(api)


def test_while_a_caller_waits_for_an_answer(long: bytes) -> None:
    told: list[int | str] = []

    def call(api: Api) -> None:
        try:
            told.append(api.read(long).status_code)
        except requests.ConnectionError:
            told.append("closed")

    callers = []
    with serving("--jobs", "1") as api:
        for _ in range(2):  # one is read, one waits
            callers.append(threading.Thread(target=call, args=(api,)))
            callers[-1].start()
        wait_for_tesseract(api)
    for caller in callers:
        caller.join(10)
    assert len(told) == 2
    assert set(told) <= {202, 500, 503, "closed"}, "nobody is told that it was read"
