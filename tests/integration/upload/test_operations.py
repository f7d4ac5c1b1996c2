"""`folio redrive` and `folio backfill` against the deployed stack."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import boto3
import pytest
from click.testing import CliRunner, Result

from folio import keys
from folio.cli.main import cli
from folio.errors import CredentialsMissing, Misconfigured
from folio.serve.local_lambda import load_handler
from folio.wiring import s3_services
from tests.support.aws.deployed import Deployed
from tests.support.aws.function_calls import function_calls
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

GOOD = make_pdf(PdfPage(picture=words("Larkfield")))
type Folio = Callable[..., Result]


@pytest.fixture
def folio(deployed: Deployed) -> Folio:
    """The command line in the environment that `deployed` has made; it must do well."""

    def run(*arguments: str) -> Result:
        done = CliRunner(mix_stderr=False).invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
        assert done.return_value == 0, done.stderr
        return done

    return run


def fail(deployed: Deployed, key: str, body: bytes = GOOD) -> None:
    """A document whose time is up at each attempt."""
    deployed.put(key, body)
    deployed.drain(seconds=5)


def publish_log(deployed: Deployed) -> None:
    """The function's lines, as CloudWatch has them."""
    logs, group = boto3.client("logs"), deployed.outputs["LogGroupName"]
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    lines = [line for line in deployed.log.getvalue().splitlines() if line]
    now = int(1000 * time.time())
    events = [{"timestamp": now, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)  # type: ignore[arg-type]


def test_the_dead_letter_queue_is_listed_with_reasons_and_stays(deployed: Deployed, folio: Folio) -> None:
    fail(deployed, "late.pdf")
    fail(deployed, "gone.pdf")
    deployed.s3.delete_object(Bucket=deployed.bucket, Key="gone.pdf")
    deployed.sqs.send_message(QueueUrl=deployed.outputs["DeadLetterQueueUrl"], MessageBody="nonsense")
    undelivered = {"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "The queue may not be written."}
    deployed.sqs.send_message(
        QueueUrl=deployed.outputs["DeadLetterQueueUrl"],
        MessageBody=json.dumps(event(deployed, "never.pdf")),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in undelivered.items()},
    )
    publish_log(deployed)
    shown = folio("redrive")
    lines = dict(line.split(": ", 1) for line in shown.stdout.splitlines())
    assert lines[f"s3://{deployed.bucket}/late.pdf"].startswith("DeadlineExceeded: The time for this document ran out")
    assert "Raise the function's timeout" in lines[f"s3://{deployed.bucket}/late.pdf"]
    assert lines[f"s3://{deployed.bucket}/gone.pdf"] == "The document is gone by now."
    assert lines[f"s3://{deployed.bucket}/never.pdf"].startswith("EventBridge could not deliver it: NO_PERMISSIONS")
    assert [reason for about, reason in lines.items() if about.startswith("message ")] == [
        "It is not an event Folio knows."
    ]
    assert "4 messages, 3 of documents chosen; none sent back: add --yes." in shown.stderr
    assert deployed.waiting("DeadLetterQueueUrl") == 4


def event(deployed: Deployed, key: str) -> dict[str, object]:
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": deployed.bucket}, "object": {"key": key}},
    }


def test_what_the_workflow_left_is_listed_with_its_reason(deployed: Deployed, folio: Folio) -> None:
    deployed.put("long.pdf", GOOD)
    deployed.sqs.send_message(
        QueueUrl=deployed.outputs["DeadLetterQueueUrl"],
        MessageBody=json.dumps(event(deployed, "long.pdf")),
        MessageAttributes={"reason": {"DataType": "String", "StringValue": "CredentialsMissing"}},
    )
    (line,) = folio("redrive").stdout.splitlines()
    said = f"The workflow for long documents ended: CredentialsMissing. {CredentialsMissing.hint}"
    assert line == f"s3://{deployed.bucket}/long.pdf: {said}"


def test_without_a_log_line_the_function_was_stopped(deployed: Deployed, folio: Folio) -> None:
    fail(deployed, "late.pdf")
    assert "the function was stopped" in folio("redrive").stdout


def test_what_is_sent_back_is_read(deployed: Deployed, folio: Folio) -> None:
    for key in ("a.pdf", "b.pdf"):
        fail(deployed, key)
    sent = folio("redrive", "--yes")
    assert "2 messages, 2 of documents chosen; 2 sent back." in sent.stderr
    assert (deployed.waiting("DeadLetterQueueUrl"), deployed.waiting()) == (0, 2)
    deployed.drain()
    assert deployed.keys() == ["a.pdf", "a.pdf.ocr.json", "b.pdf", "b.pdf.ocr.json"]


def test_only_what_matches_is_sent_back(deployed: Deployed, folio: Folio) -> None:
    for key in ("in/a.pdf", "out/b.pdf"):
        fail(deployed, key)
    folio("redrive", "--match", "in/*", "--yes")
    assert (deployed.waiting("DeadLetterQueueUrl"), deployed.waiting()) == (1, 1)


def test_an_empty_queue_is_well(folio: Folio) -> None:
    assert "0 messages" in folio("redrive").stderr


@pytest.fixture
def filled(deployed: Deployed) -> Deployed:
    """Documents in every state, which nobody has told the function of."""
    for key in ("in/a.pdf", "in/b.pdf", "in/read.pdf", "out/c.pdf"):
        deployed.put(key, GOOD)
    deployed.put("in/broken.pdf", b"\x00no document")
    deployed.put("in/folder/", b"")
    for message in deployed.receive(10):
        if any(name in message["Body"] for name in ("read.pdf", "broken.pdf")):
            deployed.deliver([message])
        else:
            deployed.sqs.delete_message(QueueUrl=deployed.outputs["QueueUrl"], ReceiptHandle=message["ReceiptHandle"])
    assert deployed.waiting() == 0
    return deployed


def test_a_dry_run_counts_and_does_nothing(filled: Deployed, folio: Folio) -> None:
    counted = folio("backfill", f"s3://{filled.bucket}/in/", "--dry-run")
    assert "5 documents (1 empty folder, 1 failed, 2 new, 1 read); 2 to enqueue." in counted.stderr
    assert filled.waiting() == 0


def test_what_nobody_read_is_read(filled: Deployed, folio: Folio) -> None:
    done = folio("backfill", f"s3://{filled.bucket}/", "--rate", "1000")
    assert "3 documents enqueued." in done.stderr
    assert filled.waiting() == 3
    filled.drain()
    for key in ("in/a.pdf", "in/b.pdf", "out/c.pdf"):
        assert keys.result_key(key) in set(filled.keys())
    assert "0 to enqueue" in folio("backfill", f"s3://{filled.bucket}/").stderr


def test_it_goes_on_where_it_stopped(filled: Deployed, folio: Folio) -> None:
    folio("backfill", f"s3://{filled.bucket}/in/", "--after", "in/a.pdf")
    (message,) = filled.receive(10)
    assert json.loads(message["Body"])["detail"]["object"]["key"] == "in/b.pdf"


def test_failed_ones_lose_their_report_and_get_another(filled: Deployed, folio: Folio) -> None:
    report = keys.error_key("in/broken.pdf")
    filled.s3.put_object(Bucket=filled.bucket, Key="in/broken.pdf", Body=GOOD)
    for message in filled.receive(10):  # of this upload nobody hears
        filled.sqs.delete_message(QueueUrl=filled.outputs["QueueUrl"], ReceiptHandle=message["ReceiptHandle"])
    folio("backfill", f"s3://{filled.bucket}/in/broken", "--failed")
    assert report not in set(filled.keys())
    filled.drain()
    assert keys.result_key("in/broken.pdf") in set(filled.keys())


def test_all_are_read_again_under_other_settings(
    filled: Deployed, folio: Folio, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads(filled.body("in/read.pdf.ocr.json"))["engine"]["settings"]
    folio("backfill", f"s3://{filled.bucket}/in/read", "--all")
    monkeypatch.setenv("FOLIO_SETTINGS", "recipe=none")
    s3_services.cache_clear()
    filled.drain()
    assert json.loads(filled.body("in/read.pdf.ocr.json"))["engine"]["settings"] != before


def test_a_dry_run_of_all_tells_how_many_would_be_read_anew(
    deployed: Deployed, folio: Folio, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.put("plain-1.pdf", GOOD)
    deployed.put("plain-2.pdf", GOOD)
    deployed.put("own.pdf", GOOD, recipe="none", languages="eng")
    deployed.put("changed.pdf", GOOD)
    deployed.drain()
    deployed.put("changed.pdf", GOOD + b"\n")
    every = ("backfill", f"s3://{deployed.bucket}/", "--all", "--dry-run")
    with function_calls(deployed.outputs["FunctionName"], load_handler()) as (address, events):
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", address)
        assert "Of the 4 read, 1 would be read anew." in folio(*every).stderr
        assert [len(event["metadata"]) for event in events] == [2]
        monkeypatch.setenv("FOLIO_SETTINGS", "recipe=none")
        # Of one that brings the recipe along nothing has changed.
        assert "Of the 4 read, 3 would be read anew." in folio(*every).stderr
    for key in ("plain-1.pdf", "own.pdf"):
        assert keys.result_key(key) in set(deployed.keys())


def test_a_function_that_cannot_say_is_told(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed.put("plain.pdf", GOOD)
    deployed.drain()

    def older(event: dict[str, object], _context: object) -> None:
        raise ValueError(event["source"])

    with function_calls(deployed.outputs["FunctionName"], older) as (address, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", address)
        command = ("backfill", f"s3://{deployed.bucket}/", "--all", "--dry-run")
        with pytest.raises(Misconfigured, match="deploy this version first"):
            CliRunner().invoke(cli, command, standalone_mode=False, catch_exceptions=False)


def test_the_rate_is_kept(deployed: Deployed, folio: Folio) -> None:
    for number in range(20):
        deployed.put(f"{number:02}.pdf", b"x")
    began = time.monotonic()
    folio("backfill", f"s3://{deployed.bucket}/", "--rate", "5")
    assert time.monotonic() - began > 3.9


def test_where_it_was_stopped_it_says_how_to_go_on(deployed: Deployed) -> None:
    for number in range(11):
        deployed.put(f"{number:02}.pdf", b"x")
    waiting = deployed.waiting("QueueUrl")
    command = [sys.executable, "-m", "folio", "backfill", f"s3://{deployed.bucket}/", "--rate", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while deployed.waiting("QueueUrl") == waiting and process.poll() is None:
            time.sleep(0.1)
        time.sleep(2)  # the queue has them before the command hears so; the next batch is 100 s away
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "10 documents enqueued.\nTo go on where this stopped: --after '09.pdf'" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("backfill", "s3://elsewhere/"), "may read no other"),
        (("backfill", "folder/"), "is not an address in S3"),
        (("backfill", "s3://x/", "--stack", "other"), "no such stack"),
        (("redrive", "--stack", "other"), "no such stack"),
    ],
)
@pytest.mark.usefixtures("deployed")
def test_mistakes_get_a_sentence(arguments: tuple[str, ...], says: str) -> None:
    command = [sys.executable, "-m", "folio", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
