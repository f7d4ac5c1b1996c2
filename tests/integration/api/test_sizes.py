"""Documents of every size end in a right result: at once, through the bucket, or as a job."""

import io
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio.models import Result, decode
from tests.support.documents.drawings import draw
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import MB
from tests.support.processes.serving import Api, serving
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("large documents are made, sent and drawn")]

A4 = (2480, 3508)  # pixels at 300 dpi
MANY = size(28, full=60)  # pages of a job: enough for progress to be seen
NAMES = ("Larkfield", "Oakham", "Twine", "Harbour", "Meadow", "Lantern")


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(settings={"FOLIO_KEEP_SECONDS": "0.5"}) as api:  # so that a job soon shows progress
        yield api


def scan(form: str, mode: str) -> bytes:
    """A sheet as a scanner sees it: paper is not quite white, and so does not get small."""
    page = draw("Larkfield Paper and Twine", size=A4, at=(300, 300), height=60).image
    grain = np.random.default_rng(9).normal(236, 4.6, A4[::-1])  # the same in every run, so that its reading is known
    paper = Image.fromarray(grain.clip(0, 255).astype(np.uint8))
    page = Image.composite(paper, page, page.point(lambda value: 255 * (value > 128)))
    data = io.BytesIO()
    page.convert(mode).save(data, form, dpi=(300, 300))
    return data.getvalue()


def test_a_scan_of_five_megabytes_is_answered_at_once(api: Api) -> None:
    body = scan("PNG", "L")
    answer = api.read(body)
    assert answer.status_code == 200, answer.text[:500]
    result = decode(answer.content, Result)
    assert result.source.bytes == len(body) >= 5 * MB
    assert result.text == "Larkfield Paper and Twine"


def test_a_scan_of_thirty_megabytes_goes_through_the_bucket(api: Api) -> None:
    body = scan("TIFF", "RGBA")
    assert 30 * MB < len(body) < 40 * MB
    assert api.read(body).status_code == 413
    *_, done = api.finished(api.upload(body, filename="scan.tif", content_type="image/tiff", bytes=len(body)))
    assert done["state"] == "complete", done
    result = decode(api.fetch(done["links"]["result"]), Result)
    assert (result.source.bytes, result.text) == (len(body), "Larkfield Paper and Twine")


@pytest.mark.soak
def test_many_pages_become_a_job_whose_progress_only_grows(api: Api) -> None:
    names = [f"{NAMES[number % len(NAMES)]} {number}" for number in range(101, 101 + MANY)]
    answer = api.read(make_pdf(*(PdfPage(picture=words(name)) for name in names)), filename="long.pdf")
    assert answer.status_code == 202, answer.text[:500]
    told = api.finished(answer.json()["id"], seconds=280)
    assert told[-1]["state"] == "complete"
    assert told[-1]["pages"] == {"done": MANY, "total": MANY, "ready": "", "chosen": ""}
    done = [one["pages"]["done"] for one in told]
    assert done == sorted(done)
    assert len(set(done)) > 3, "it could be watched"
    assert {one["pages"]["total"] for one in told} <= {None, MANY}
    result = decode(api.fetch(told[-1]["links"]["result"]), Result)
    assert [page.text for page in result.pages] == names


LOGGING = """#!/bin/sh
case "$*" in *"-r "*) echo "$*" >>"{log}"; sleep 2;; esac
exec "{real}" "$@"
"""


def test_pages_that_a_call_has_read_are_not_read_again_by_its_job(tmp_path: Path) -> None:
    """With a poppler so slow that a call has no time for all pages."""
    script, log = tmp_path / "pdftoppm", tmp_path / "drawn"
    script.write_text(LOGGING.format(real=shutil.which("pdftoppm"), log=log))
    script.chmod(0o755)
    names = [NAMES[number % len(NAMES)] for number in range(16)]
    more = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FOLIO_SYNC_PAGES": "100"}
    with serving("--jobs", "1", settings=more | {"FOLIO_JOBS": "1"}) as api:
        answer = api.read(make_pdf(*(PdfPage(picture=words(name)) for name in names)))
        assert answer.status_code == 202, answer.text[:300]
        in_the_call = [_page(line) for line in log.read_text().splitlines()]
        assert len(in_the_call) > 3
        first, *_, done = api.finished(answer.json()["id"], seconds=280)
        assert done["state"] == "complete", done
        assert first["pages"]["total"] in (16, None)
        assert [page.text for page in decode(api.fetch(done["links"]["result"]), Result).pages] == names
    twice = [page for page, times in Counter(_page(line) for line in log.read_text().splitlines()).items() if times > 1]
    assert len(twice) <= 2, "no more than was under way when the time of the call ran out"


def _page(command: str) -> int:
    parts = command.split()
    return int(parts[parts.index("-f") + 1])
