"""Least privilege: what the functions ask of AWS in all their stories is what their roles grant, and all of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from folio import keys
from tests.integration.upload.test_events import install_engine
from tests.integration.upload.test_storm import picture
from tests.support.aws.deployed import forget
from tests.support.aws.inbox import BUCKET, Inbox, remove_bucket
from tests.support.aws.privileges import CREDENTIALS_KEY, Grant, Need, granted, missing, of_lambda, unused, watched
from tests.support.clouds import KEYS, Servers, variables
from tests.support.documents.cards import png
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

KEY = "a b+扫.pdf"
GOOD = make_pdf(PdfPage(picture=words("Larkfield")), PdfPage(picture=words("Oakham")))
LONG = make_pdf(*[PdfPage(picture=words("Larkfield"))] * 8)
BROKEN = b"\x00no document"


def test_the_bucket_of_the_events_is_that_of_the_needs() -> None:
    assert granted("UploadRole") >= {Grant("TellMissingFromForbidden", "s3:ListBucket", f"arn:aws:s3:::{BUCKET}")}


def every_upload_story(inbox: Inbox, servers: Servers, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that can become of an upload."""
    inbox.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    first = inbox.put(KEY, GOOD, outputs="text,pdf")
    assert inbox.deliver(KEY, first)
    assert inbox.deliver(KEY, first), "already read"
    assert inbox.deliver(KEY, "0" * 32), "superseded"
    assert inbox.deliver("gone.pdf", "0" * 32)
    assert keys.error_key(KEY) in inbox.read(KEY, BROKEN)
    assert keys.result_key(KEY) in inbox.read(KEY, GOOD)
    with monkeypatch.context() as harmed:  # pages that are done are kept for the next attempt
        harmed.setenv("FOLIO_KEEP_SECONDS", "0")
        forget()
        install_engine(folder, harmed, fails_on="*/page2*")
        etag = inbox.put("kept.pdf", GOOD)
        assert not inbox.deliver("kept.pdf", etag)
    forget()
    assert inbox.deliver("kept.pdf", etag, attempt=2)
    with monkeypatch.context() as long:  # more pages than one function reads
        long.setenv("FOLIO_WORKFLOW", workflow())
        long.setenv("FOLIO_SPLIT_PAGES", "1")
        forget()
        assert inbox.read("long.pdf", LONG).count(keys.result_key("long.pdf")) == 0
    forget()
    deleted = f"folio-jobs/anyone/{'A' * 32}/a.pdf"
    assert inbox.deliver(deleted, inbox.put(deleted, GOOD)), "a job that its owner deleted"
    for arn in (secret(), parameter()):
        for name, value in variables(servers).items():
            if name.startswith("FOLIO_"):
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("FOLIO_CREDENTIALS", arn)
        forget()
        assert keys.result_key("c.png") in inbox.read("c.png", png(picture(len(arn))), provider="baidu")


def workflow() -> str:
    definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/workflow"
    made = boto3.client("stepfunctions").create_state_machine(name="long", definition=definition, roleArn=role)
    return made["stateMachineArn"]


def secret() -> str:
    client = boto3.client("secretsmanager")
    return client.create_secret(Name="ocr", SecretString=json.dumps(KEYS["baidu"]))["ARN"]


def parameter() -> str:
    boto3.client("ssm").put_parameter(Name="/ocr", Value=json.dumps(KEYS["baidu"]), Type="SecureString")
    return "arn:aws:ssm:us-east-1:123456789012:parameter/ocr"


@pytest.fixture
def needs(inbox: Inbox, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Need]]:
    """What the upload function asked for, over all stories."""
    events = boto3.client("events")
    events.create_event_bus(Name="folio-test")
    monkeypatch.setenv("FOLIO_EVENT_BUS", "folio-test")
    queue = boto3.client("sqs").create_queue(QueueName="folio-test")["QueueUrl"]
    monkeypatch.setenv("FOLIO_QUEUE", queue)
    with watched(monkeypatch) as found:
        forget()
        every_upload_story(inbox, servers, tmp_path, monkeypatch)
        ours = {Need("secretsmanager:CreateSecret"), Need("ssm:PutParameter"), Need("states:CreateStateMachine")}
        assert ours <= found, "all calls are noticed, those of this test too"
        yield found - ours
    events.delete_event_bus(Name="folio-test")
    boto3.client("sqs").delete_queue(QueueUrl=queue)
    forget()


def test_the_upload_function_is_granted_what_it_asks_for_and_nothing_else(needs: set[Need]) -> None:
    grants = granted("UploadRole")
    assert missing(needs, grants) == []
    assert missing(of_lambda("UploadFunction"), grants) == []
    # Of a key of one's own Secrets Manager and SSM make use in the function's name.
    assert unused(needs | of_lambda("UploadFunction") | {Need("kms:Decrypt", CREDENTIALS_KEY)}, grants) == []
    for sid in (
        "ReadDocumentsAndResults",
        "TellMissingFromForbidden",
        "WriteResults",
        "WriteErrors",
        "MarkKeptPages",
        "TellOthers",
        "UseKey",
    ):
        assert missing(needs, {grant for grant in grants if grant.sid != sid}), "what is taken away is missed"


def test_a_grant_too_many_is_found() -> None:
    more = Grant("Planted", "s3:PutObjectAcl", f"arn:aws:s3:::{BUCKET}/*")
    assert unused({Need("s3:PutObject", f"arn:aws:s3:::{BUCKET}/a")}, {more}) == [more]


@pytest.mark.slow("a document of two pages is read, drawn anew and stopped")
def test_where_results_lie_elsewhere_nothing_is_written_beside_documents(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.client.create_bucket(Bucket="results")
    for bucket in (BUCKET, "results"):
        inbox.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    monkeypatch.setenv("FOLIO_RESULTS", "s3://results/read/")
    with watched(monkeypatch) as found:
        forget()
        assert inbox.read(KEY, GOOD, outputs="text,pdf") == [KEY]
        assert inbox.read(KEY, BROKEN) == [KEY]
        with monkeypatch.context() as harmed:
            harmed.setenv("FOLIO_KEEP_SECONDS", "0")
            forget()
            install_engine(tmp_path, harmed, fails_on="*/page2*")
            assert not inbox.deliver("kept.pdf", inbox.put("kept.pdf", GOOD))
        ours = {Need("s3:PutObject", f"arn:aws:s3:::{BUCKET}/{key}") for key in (KEY, "kept.pdf")}
        asked = found - ours
    existing = {"ExistingBucket": f"arn:aws:s3:::{BUCKET}", "ResultBucket": "arn:aws:s3:::results"}
    grants = granted("UploadRole", ResultPrefix="read/", **existing)
    assert missing(asked, grants) == []
    for sid in ("ReadResultsElsewhere", "TellMissingFromForbiddenElsewhere", "WriteResults", "WriteErrors"):
        assert missing(asked, {grant for grant in grants if grant.sid != sid}), f"{sid} is needed"
    remove_bucket(inbox.client, "results")
    forget()
