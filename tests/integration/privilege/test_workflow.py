"""Least privilege of the workflow's functions: each of them, in every story that asks something else of AWS."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters

from folio import keys
from folio.errors import StoreUnavailable
from folio.serve.local_lambda import LocalContext
from handlers import merge, recognize, split
from tests.support.aws.deployed import forget
from tests.support.aws.inbox import BUCKET, Inbox
from tests.support.aws.privileges import CREDENTIALS_KEY, Need, granted, missing, of_lambda, unused, watched
from tests.support.clouds import KEYS, Servers, variables
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

KEY = "a b+扫.pdf"
DOCUMENT = make_pdf(*[PdfPage(picture=words("Larkfield"))] * 3)
STEPS = {"Split": split.handler, "Recognize": recognize.handler, "Merge": merge.handler}


class Workflow:
    """The steps as the definition calls them, and what each of them asks of AWS."""

    def __init__(self, inbox: Inbox, found: set[Need]) -> None:
        self.inbox = inbox
        self.needs: dict[str, set[Need]] = defaultdict(set)
        self._found = found

    def call(self, step: str, key: str, etag: str, **more: Any) -> dict[str, Any]:
        parameters.clear_caches()  # type: ignore[no-untyped-call] # a function that has just started knows no keys
        self._found.clear()
        job = {"bucket": BUCKET, "key": key, "etag": etag}
        try:
            return STEPS[step]({"job": job, **more}, LocalContext())  # type: ignore[arg-type] # all they may ask of it
        finally:
            self.needs[step] |= self._found

    def recognize(self, key: str, etag: str, attempt: str = "next") -> None:
        for chunk in self.call("Split", key, etag)["chunks"]:
            self.call("Recognize", key, etag, chunk=chunk, attempt=attempt)

    def read(self, key: str, document: bytes = b"", **options: str) -> str:
        """Read a document; what became of it."""
        etag = self.inbox.put(key, document or DOCUMENT, **options)
        self.recognize(key, etag)
        return str(self.call("Merge", key, etag)["status"])


def every_story(flow: Workflow) -> None:
    assert flow.read(KEY, outputs="text,pdf") == "complete"
    assert flow.call("Merge", KEY, flow.inbox.put(KEY, DOCUMENT, outputs="text,pdf"))["status"] == "already-read"
    newer = DOCUMENT + b"% newer"  # an error report of an older document's result takes its place, and the other way
    assert flow.read(KEY, newer, provider="baidu", max_calls="1") == "failed"
    assert flow.read(KEY, newer) == "complete"
    for key in (KEY, "gone.pdf"):
        assert flow.call("Split", key, "0" * 32)["chunks"] == []
        assert flow.call("Recognize", key, "0" * 32, chunk=[1, 2, 9], attempt="last") == {"pages": 0}
        assert flow.call("Merge", key, "0" * 32)["status"] == "superseded"
    for attempt in ("last", "none"):
        key = f"{attempt}.pdf"
        flow.recognize(key, flow.inbox.put(key, DOCUMENT), attempt)
    failure = {"Error": "CredentialsMissing", "Cause": "{}"}
    job = f"{keys.JOBS}owner/{'A' * 32}/a.pdf"
    assert flow.call("Merge", job, flow.inbox.put(job, DOCUMENT), failure=failure)["status"] == "failed"


def pages_of_another_version(flow: Workflow, key: str) -> None:
    """Pages are kept that this version cannot use; only with paid providers is it found out before the merge."""
    etag = flow.inbox.put(key, DOCUMENT, provider="baidu")
    for step, more in (("Split", {}), ("Recognize", {"chunk": [1, 1, 9], "attempt": "next"})):
        flow.recognize(key, etag)
        there = flow.inbox.keys()
        (kept,) = [name for name in there if "/0000001-" in name and name.startswith(key)]
        flow.inbox.client.put_object(Bucket=BUCKET, Key=kept, Body=b"{}")
        with pytest.raises(StoreUnavailable):
            flow.call(step, key, etag, **more)
        there = flow.inbox.keys()
        assert kept not in there
    flow.recognize(key, etag)
    assert flow.call("Merge", key, etag)["status"] == "complete"


def credentials() -> Iterator[str]:
    keys = json.dumps(KEYS["baidu"])
    yield boto3.client("secretsmanager").create_secret(Name="ocr-of-workflow", SecretString=keys)["ARN"]
    boto3.client("ssm").put_parameter(Name="/ocr-of-workflow", Value=keys, Type="SecureString")
    yield "arn:aws:ssm:us-east-1:123456789012:parameter/ocr-of-workflow"


@pytest.fixture
def needs(inbox: Inbox, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, set[Need]]]:
    """What each step asked for, over all stories."""
    inbox.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    events = boto3.client("events")
    events.create_event_bus(Name="folio-test")
    settings = {"EVENT_BUS": "folio-test", "SPLIT_CHUNK": "2", "SPLIT_PAGES": "1", "KEEP_SECONDS": "0"}
    for name, value in settings.items():
        monkeypatch.setenv(f"FOLIO_{name}", value)
    for name, value in variables(servers).items():
        if name.startswith("FOLIO_"):
            monkeypatch.setenv(name, value)
    with watched(monkeypatch) as found:
        flow = Workflow(inbox, found)
        for number, arn in enumerate(credentials()):
            monkeypatch.setenv("FOLIO_CREDENTIALS", arn)
            forget()
            if not number:
                every_story(flow)
            pages_of_another_version(flow, f"c{number}.pdf")
        yield flow.needs
    events.delete_event_bus(Name="folio-test")
    forget()


def test_the_workflows_functions_are_granted_what_they_ask_for_and_nothing_else(needs: dict[str, set[Need]]) -> None:
    for step in STEPS:
        grants = granted(f"{step}Role")
        wanted = needs[step] | of_lambda(f"{step}Function")
        assert (step, missing(wanted, grants)) == (step, [])
        # Of a key of one's own Secrets Manager and SSM make use in the function's name.
        keys = {Need("kms:Decrypt", grant.resource) for grant in grants if grant.resource == CREDENTIALS_KEY}
        assert bool(keys) == (Need("ssm:GetParameter") in wanted), step
        assert (step, unused(wanted | keys, grants)) == (step, [])
        for sid in {grant.sid for grant in grants} - {"DecryptCredentials"}:
            assert missing(wanted, {grant for grant in grants if grant.sid != sid}), f"{sid} of {step} is missed"
