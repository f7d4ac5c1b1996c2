"""The template deployed onto buckets that were there before: filters, and results elsewhere."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from click.testing import CliRunner

from folio import keys
from folio.cli.main import cli
from folio.errors import BadOption
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
EACH = EXISTING | {"Settings": "source_filters=scans=in/*.pdf,faxes=*.tif"}
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


@pytest.mark.parametrize("stack", [EACH], indirect=True)
def test_each_bucket_may_have_a_filter_of_its_own(stack: Deployed) -> None:
    for bucket in ("scans", "faxes"):
        for key in ("in/a.pdf", "b.tif"):
            stack.put(key, GOOD, bucket)
    assert stack.drain() == 4, "the rule passes all of them on"
    assert stack.keys("scans") == ["b.tif", "in/a.pdf", "in/a.pdf.ocr.json"]
    assert stack.keys("faxes") == ["b.tif", "b.tif.ocr.json", "in/a.pdf"]
    assert stack.waiting() == stack.waiting("DeadLetterQueueUrl") == 0


@pytest.mark.parametrize("stack", [FILTERED], indirect=True)
@pytest.mark.slow("three documents are read, and each is made a searchable PDF")
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
    stack.put("broken.pdf", b"\x00no document", "faxes")
    assert stack.drain() == 3
    assert (stack.keys("scans"), stack.keys("faxes")) == (["a.pdf"], ["a.pdf", "broken.pdf"])
    assert stack.keys("results") == [
        "read/faxes/a.pdf.ocr.json",
        "read/faxes/broken.pdf.ocr.error.json",
        "read/scans/a.pdf.ocr.json",
    ]
    assert text(stack, "read/scans/a.pdf.ocr.json", "results") == "Larkfield"


@pytest.mark.parametrize("stack", [FILTERED | {"ResultBucket": "arn:aws:s3:::results"}], indirect=True)
def test_a_backfill_takes_any_of_the_buckets_by_their_filters_and_finds_results_elsewhere(stack: Deployed) -> None:
    for bucket in ("scans", "faxes"):
        for key in ("in/new.pdf", "in/read.pdf", "in/failed.pdf", "in/other.txt", "out.pdf"):
            stack.put(key, GOOD, bucket)
    take_all(stack)
    place = "in/read/faxes/in"
    stack.put(f"{place}/read.pdf.ocr.json", b"{}", "results")
    stack.put(f"{place}/failed.pdf.ocr.error.json", b"{}", "results")
    done = CliRunner(mix_stderr=False).invoke(cli, ["backfill", "s3://faxes/"], standalone_mode=False)
    assert "3 documents (1 failed, 1 new, 1 read); 1 to enqueue." in done.stderr
    assert take_all(stack) == [("faxes", "in/new.pdf")]
    CliRunner().invoke(cli, ["backfill", "s3://faxes/in/f", "--failed"], standalone_mode=False)
    assert take_all(stack) == [("faxes", "in/failed.pdf")]
    assert stack.keys("results") == [f"{place}/read.pdf.ocr.json"], "the report is gone from where it lay"
    refused = CliRunner(mix_stderr=False).invoke(cli, ["backfill", "s3://results/"], standalone_mode=False)
    assert isinstance(refused.exception, BadOption)
    assert "'scans', 'faxes'" in refused.exception.message


def take_all(stack: Deployed) -> list[tuple[str, str]]:
    """Take what waits off the queue; bucket and key of each."""
    taken = []
    while messages := stack.receive(10):
        stack.settle(messages, set())
        bodies = [json.loads(message["Body"])["detail"] for message in messages]
        taken += [(body["bucket"]["name"], body["object"]["key"]) for body in bodies]
    return taken
