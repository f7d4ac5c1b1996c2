"""Options are parsed once for a document, whichever way it comes."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from folio.api.context import ApiContext
from folio.api.documents import post_document
from folio.api.http import HttpRequest
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk.local import LocalFile, ReadOptions, read_files
from folio.options.resolve import parse_options
from folio.reading.pipeline import Request, Services, read_upload
from folio.reading.request import LocalServices
from folio.wiring import folder_services
from tests.fakes.engines import TEXT, FixedText
from tests.fakes.memory_store import MemoryStore
from tests.support.paths import DATA

PICTURE = DATA / "chinese.png"
OPTIONS = {"ocr": "always", "recipe": "none"}


@pytest.fixture
def services() -> Iterator[Services]:
    with ThreadPoolExecutor(1) as pool:
        yield Services(store=MemoryStore(), settings=Settings(), provider=lambda _: FixedText(), pool=pool)


def parses(work: Callable[[], object]) -> int:
    """How often `work` parses options, in all its threads."""
    count = 0

    def profile(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        count += event == "call" and frame.f_code is parse_options.__code__

    threading.setprofile_all_threads(profile)
    try:
        work()
    finally:
        threading.setprofile_all_threads(None)
        sys.setprofile(None)
    return count


def test_a_document_that_is_sent_to_the_api(services: Services) -> None:
    bucket: Any = services.store  # nothing is put there
    context = ApiContext(
        bucket=bucket,
        services=services,
        services_on=lambda _: services,
        services_between=partial(folder_services, services),
        on_outcome=lambda _: None,
    )
    request = HttpRequest(
        method="POST",
        path="/v1/documents",
        headers={"content-type": "image/png", "accept": "text/plain"},
        query={"filename": "a.png", **OPTIONS},
        body=PICTURE.read_bytes(),
    )
    responses = []
    assert parses(lambda: responses.append(post_document(request, context, Deadline(60)))) == 1
    assert responses[0].status == 200
    assert TEXT in responses[0].body.decode()


def test_a_document_that_is_uploaded_with_options(services: Services) -> None:
    store: Any = services.store
    store.put("a.png", PICTURE.read_bytes(), {f"folio-{name}": value for name, value in OPTIONS.items()})
    outcomes: list[Any] = []
    assert parses(lambda: outcomes.append(read_upload(Request(key="a.png"), services, Deadline(60)))) == 1
    assert outcomes[0].status == "complete"


def test_a_file_on_the_command_line(services: Services, tmp_path: Path) -> None:
    def on_folder(sources: Path, results: Path | None) -> Services:
        return folder_services(services, sources, results)

    local = LocalServices(
        services=services, on_folder=on_folder, sharing=lambda sources, results, _: on_folder(sources, results)
    )
    run = ReadOptions(options=OPTIONS, results=tmp_path)
    outcomes: list[Any] = []

    def read() -> None:
        outcomes.extend(read_files([LocalFile(PICTURE.parent, PICTURE.name)], run, local, Deadline()))

    assert parses(read) == 1
    assert [outcome.status for _, outcome in outcomes] == ["complete"]


def test_options_that_are_refused_leave_an_error_under_a_fingerprint_of_their_own(services: Services) -> None:
    store: Any = services.store
    store.put("a.png", PICTURE.read_bytes(), {"folio-dpi": "9"})
    first = read_upload(Request(key="a.png"), services, Deadline(60))
    assert first.status == "failed"
    again = read_upload(Request(key="a.png"), services, Deadline(60))
    assert again.status == "already-read"
    assert again.written == first.written
    store.put("a.png", PICTURE.read_bytes(), {"folio-dpi": "8"})
    other = read_upload(Request(key="a.png"), services, Deadline(60))
    assert other.status == "failed"
