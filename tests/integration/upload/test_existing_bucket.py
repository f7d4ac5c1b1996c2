"""The template deployed onto buckets that were there before: filters, and results elsewhere."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest

from folio import keys
from folio.models import Result, decode
from tests.support.aws.deployed import Deployed, deploy
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = needs_tools

GOOD = make_pdf(PdfPage(picture=words("Larkfield")))
EXISTING = {"ExistingBucket": "arn:aws:s3:::scans,arn:aws:s3:::faxes"}
FILTERED = EXISTING | {"SourcePrefix": "in/", "SourceSuffix": ".pdf,.PDF", "ResultPrefix": "in/read/"}
ELSEWHERE = EXISTING | {"ResultBucket": "arn:aws:s3:::results", "ResultPrefix": "read/"}


@pytest.fixture
def stack(request: pytest.FixtureRequest, moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deploy(moto_s3.meta.endpoint_url, monkeypatch, request.param) as stack:
        yield stack


def text(stack: Deployed, key: str, bucket: str) -> str:
    result = decode(stack.body(key, bucket), Result)
    assert result.status == "complete"
    return result.text


@pytest.mark.parametrize("stack", [EXISTING], indirect=True)
def test_uploads_of_several_buckets_end_with_results_beside_them(stack: Deployed) -> None:
    assert stack.bucket == "scans", "the first"
    names = {bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]}
    assert names == {"code", "scans", "faxes"}, "none is created"
    for bucket in ("scans", "faxes"):
        stack.put("a.pdf", GOOD, bucket)
    assert stack.drain() == 2
    for bucket in ("scans", "faxes"):
        assert stack.keys(bucket) == ["a.pdf", "a.pdf.ocr.json"]
        assert text(stack, "a.pdf.ocr.json", bucket) == "Larkfield"
    assert stack.waiting() == 0, "no result starts anything"


@pytest.mark.parametrize("stack", [FILTERED], indirect=True)
def test_filters_hold_and_results_under_a_watched_prefix_are_left_alone(stack: Deployed) -> None:
    for key in ("in/a.pdf", "in/b.PDF", "in/c.txt", "a.pdf", f"{keys.job_key('owner', 'id', 'd.pdf')}"):
        stack.put(key, GOOD, outputs="pdf")
    assert stack.waiting() == 3
    delivered = stack.drain()
    assert 3 <= delivered <= 9, "the searchable PDFs are delivered, and left alone"
    there = stack.keys("scans")
    results = [key for key in there if key.endswith(keys.RESULT)]
    job = keys.result_key(keys.job_key("owner", "id", "d.pdf"))
    assert sorted(results) == sorted([job, "in/read/in/a.pdf.ocr.json", "in/read/in/b.PDF.ocr.json"])
    assert decode(stack.body("in/read/in/a.pdf.ocr.json"), Result).outputs["pdf"] in there
    assert not [key for key in there if key.count(".ocr.json") > 1]


@pytest.mark.parametrize("stack", [ELSEWHERE], indirect=True)
def test_results_of_equal_keys_lie_apart_in_the_bucket_for_results(stack: Deployed) -> None:
    for bucket in ("scans", "faxes"):
        stack.put("a.pdf", GOOD, bucket)
    stack.put("broken.pdf", b"no document", "faxes")
    assert stack.drain() == 3
    assert (stack.keys("scans"), stack.keys("faxes")) == (["a.pdf"], ["a.pdf", "broken.pdf"])
    assert stack.keys("results") == [
        "read/faxes/a.pdf.ocr.json",
        "read/faxes/broken.pdf.ocr.error.json",
        "read/scans/a.pdf.ocr.json",
    ]
    assert text(stack, "read/scans/a.pdf.ocr.json", "results") == "Larkfield"
