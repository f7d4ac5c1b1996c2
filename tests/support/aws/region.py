"""A region with the functions, the workflow and the queue that long documents need, and what came of them."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3
import pytest
from moto.core.config import default_user_config

from folio import keys
from folio.models import Result, decode
from tests.fakes.aws.lambdas import Lambdas, wait_for
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import ROOT

DEFINITION = ROOT / "workflows" / "long-document.asl.json"
SPLIT_PAGES, CHUNK = 8, 8
_ACCOUNT = "123456789012"
_NAMES = ("hazel", "alder", "birch", "maple", "beech", "rowan", "elder", "aspen")


def scan(pages: int) -> bytes:
    """A PDF of small scanned pages, each with a text of its own."""
    return make_pdf(
        *(
            PdfPage(
                size=(120, 60),
                picture=words(f"Parcel {number}", _NAMES[number % 8], size=(500, 250), height=40, at=(30, 30)),
            )
            for number in range(1, pages + 1)
        )
    )


class Region:
    """What an account has of Folio, with documents in one bucket."""

    def __init__(self, moto: str, folder: Path, functions: type[Lambdas] = Lambdas, **settings: str) -> None:
        self.name = f"long-{uuid4().hex[:12]}"
        self.machine = f"arn:aws:states:us-east-1:{_ACCOUNT}:stateMachine:{self.name}"
        self._reads = folder / "reads"
        usual = {
            "FOLIO_SPLIT_PAGES": str(SPLIT_PAGES),
            "FOLIO_SPLIT_CHUNK": str(CHUNK),
            "FOLIO_SPLIT_CONCURRENCY": "3",
            "FOLIO_JOBS": "1",
            "FOLIO_KEEP_SECONDS": "0.3",
            "FOLIO_WORKFLOW": self.machine,
            "FOLIO_BUCKET": self.name,
        }
        self.lambdas = functions(moto, folder, _watched_tesseract(folder, self._reads), **{**usual, **settings})
        self.s3, self.sqs, self.steps = (self._client(service) for service in ("s3", "sqs", "stepfunctions"))

    def _client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, endpoint_url=self.lambdas.url, region_name="us-east-1", **keys)  # type: ignore[call-overload]

    def build(self, *, short_pauses: bool) -> None:
        self.s3.create_bucket(Bucket=self.name)
        self.dead_letters = self.sqs.create_queue(QueueName=self.name)["QueueUrl"]
        functions = {
            f"{name.title()}Function": f"arn:aws:lambda:us-east-1:{_ACCOUNT}:function:{name}"
            for name in ("split", "recognize", "merge")
        }
        definition = DEFINITION.read_text()
        for name, value in {"Partition": "aws", "DeadLetterQueueUrl": self.dead_letters, **functions}.items():
            definition = definition.replace(f"${{{name}}}", value)
        if short_pauses:  # the same states and errors, with fewer and shorter ones
            definition = re.sub(r'("IntervalSeconds"): \d+', r"\1: 1", definition)
            definition = re.sub(r'("MaxAttempts"): \d\b', r"\1: 1", definition)
            definition = re.sub(r'("MaxDelaySeconds"): \d+', r"\1: 1", definition)
        role = f"arn:aws:iam::{_ACCOUNT}:role/workflow"
        self.steps.create_state_machine(name=self.name, definition=definition, roleArn=role)

    def put(self, key: str, body: bytes, **options: str) -> str:
        metadata = {f"folio-{name}": value for name, value in {"recipe": "none", "dpi": "150", **options}.items()}
        etag: str = self.s3.put_object(Bucket=self.name, Key=key, Body=body, Metadata=metadata)["ETag"]
        return etag.strip('"')

    def deliver(self, key: str, etag: str) -> None:
        """What the function is told of an upload. Raises what it raised."""
        told = {"bucket": {"name": self.name}, "object": {"key": key, "etag": etag}}
        _, headers, body = self.lambdas.invoke("upload", {"detail-type": "Object Created", "detail": told})
        assert "X-Amz-Function-Error" not in headers, body

    def executions(self) -> list[str]:
        found = self.steps.list_executions(stateMachineArn=self.machine)["executions"]
        return sorted(item["executionArn"] for item in found)

    def ended(self, seconds: float = 560) -> dict[str, Any]:
        """The newest execution, once it has ended."""
        return wait_for(self.steps, self.executions()[-1], seconds)

    def files(self) -> list[str]:
        return sorted(item["Key"] for item in self.s3.list_objects_v2(Bucket=self.name).get("Contents", []))

    def body(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def result(self, key: str, pages: str = "") -> Result:
        return decode(self.body(keys.result_key(key, pages)), Result)

    def reads(self) -> Counter[int]:
        """How often the engine was given each page."""
        lines = self._reads.read_text().splitlines() if self._reads.exists() else []
        return Counter(int(match[1]) for line in lines if (match := re.search(r"/page(\d+)\.pgm$", line)))

    def handled(self, function: str) -> int:
        return sum(invocation.function == function for invocation in self.lambdas.invocations)


def _watched_tesseract(folder: Path, log: Path) -> str:
    """A folder with a tesseract that writes down what it is given; a file beside it, `poison`, kills who calls it."""
    there = folder / "bin"
    there.mkdir()
    script = there / "tesseract"
    poison = f'[ -f {folder}/poison ] && case "$1" in */page$(cat {folder}/poison).pgm) kill -9 $PPID;; esac'
    script.write_text(f'#!/bin/sh\necho "$1" >>{log}\n{poison}\nexec {shutil.which("tesseract")} "$@"\n')
    script.chmod(0o755)
    return str(there)


@contextmanager
def region(
    moto: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    functions: type[Lambdas] = Lambdas,
    *,
    short_pauses: bool = True,
    **settings: str,
) -> Iterator[Region]:
    """Moto's Step Functions interprets the definition, and finds all services at the address of the functions."""
    here = Region(moto, folder, functions, **settings)
    monkeypatch.setenv("MOTO_PORT", str(here.lambdas.port))
    with patch.dict(default_user_config, {"stepfunctions": {"execute_state_machine": True}}), here.lambdas.running():
        here.build(short_pauses=short_pauses)
        yield here


def history(here: Region, execution: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here.steps.get_execution_history(executionArn=execution)["events"]
    return found


def largest_state(events: list[dict[str, Any]]) -> int:
    """Bytes of the largest input or output of a state, or of a task."""
    contents: list[str] = []

    def visit(value: Any, visit_again: Callable[..., None]) -> None:
        for name, item in value.items():
            if isinstance(item, dict):
                visit_again(item, visit_again)
            elif name in ("input", "output") and isinstance(item, str):
                contents.append(item)

    for event in events:
        visit(event, visit)
    return max(len(content.encode()) for content in contents)


def messages(here: Region) -> list[tuple[dict[str, Any], str]]:
    """What lies in the dead-letter queue: the event, and the reason."""
    found = here.sqs.receive_message(QueueUrl=here.dead_letters, MessageAttributeNames=["All"]).get("Messages", [])
    return [(json.loads(item["Body"]), item["MessageAttributes"]["reason"]["StringValue"]) for item in found]
