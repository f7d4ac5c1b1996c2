"""The container image: Lambda function, API server and worker, each in a container that is read-only and nobody's."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from scripts.image import build
from scripts.invoke import bridge
from scripts.start_api import free_port, listens

from folio import keys
from folio.models import Result, decode
from tests.sam.conftest import ARCHITECTURE, CACHE, layers_of, missing, mount
from tests.support.api.conformance import ONE, Conformance
from tests.support.aws.other_s3 import KEYS, OtherS3, other_s3
from tests.support.docker_base import debian_base
from tests.support.paths import ROOT
from tests.support.processes.running import wait_until
from tests.support.processes.serving import KEY, Api
from tests.support.processes.workers import documents, listed, put_all, read_by, results, text_of
from tests.support.sizes import size

BUDGET = 450_000_000  # bytes, unpacked
BUCKET = "folio-documents"
DOCUMENTS = size(24, full=500)
WORKERS = 4
SAM_CLI = Path(str(getattr(find_spec("samcli"), "origin", ""))).parent
EMULATOR = SAM_CLI / "local" / "rapid" / f"aws-lambda-rie-{ARCHITECTURE}"


@pytest.fixture(scope="module")
def folio_image(image: str) -> str:
    """The image on a base of Debian's packages; `image` is there for the engine that it starts."""
    layers = layers_of(ARCHITECTURE)
    try:
        base = debian_base(CACHE)
    except (OSError, subprocess.CalledProcessError) as error:
        missing(f"there is no Debian image here, and none could be made by debootstrap: {error}")
    build(layers, CACHE, base, "folio-test/image")
    return "folio-test/image"


@pytest.fixture(scope="module")
def aws(image: str) -> Iterator[OtherS3]:
    with other_s3(bridge()) as server:
        server.s3.create_bucket(Bucket=BUCKET)
        yield server


@pytest.fixture(scope="module")
def openapi() -> Any:
    return json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


class Running:
    """A container that runs."""

    def __init__(self, name: str) -> None:
        self.name = name

    def log(self) -> str:
        done = subprocess.run(["docker", "logs", self.name], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    def signal(self, name: str) -> None:
        subprocess.run(["docker", "kill", "--signal", name, self.name], capture_output=True, check=True)

    def state(self) -> tuple[bool, int]:
        """Whether it runs, and its exit code."""
        command = ["docker", "inspect", "--format", "{{.State.Running}} {{.State.ExitCode}}", self.name]
        running, code = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return running == "true", int(code)


@contextmanager
def container(
    image: str, *words: str, options: tuple[str, ...] = (), variables: Mapping[str, str] | None = None
) -> Iterator[Running]:
    name = f"folio-{uuid4().hex[:12]}"
    settings = [part for key, value in {**KEYS, **(variables or {})}.items() for part in ("--env", f"{key}={value}")]
    command = ["docker", "run", "--detach", "--name", name, "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]
    subprocess.run([*command, *options, *settings, image, *words], capture_output=True, check=True)
    running = Running(name)
    try:
        yield running
        assert "Traceback" not in running.log(), running.log()
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=True)


@pytest.fixture(scope="module")
def api(folio_image: str, aws: OtherS3) -> Iterator[Api]:
    """The server, and a worker for its jobs; its keys come from the environment."""
    port = free_port()
    serve = ("serve", "--host", "0.0.0.0", "--bucket", BUCKET, "--endpoint", aws.endpoint)
    jobs = ("worker", f"s3://{BUCKET}/folio-jobs/", "--endpoint", aws.endpoint, "--poll", "0.5")
    publish = ("--publish", f"127.0.0.1:{port}:8000")
    with (
        container(folio_image, *serve, options=publish, variables={"FOLIO_API_KEYS": f"{KEY} another"}) as server,
        container(folio_image, *jobs),
    ):
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: answers(url, server), 120)
        yield Api(url)
        assert KEY not in server.log()


def answers(url: str, server: Running) -> bool:
    assert server.state()[0], server.log()
    try:
        return requests.get(url, timeout=5).ok  # the page, which asks for no key
    except requests.RequestException:
        return False


class TestConformance(Conformance):
    pass


def test_it_is_small_and_belongs_to_nobody(folio_image: str, tell: Callable[[str], None]) -> None:
    told = subprocess.run(["docker", "image", "inspect", folio_image], capture_output=True, check=True)
    [about] = json.loads(told.stdout)
    tell(f"the image unpacked: {about['Size']:,} bytes")
    assert about["Size"] <= BUDGET
    assert about["Config"]["User"] == "65532:65532"


def test_without_a_key_it_serves_nobody_but_this_machine(folio_image: str) -> None:
    command = ["docker", "run", "--rm", "--read-only", "--tmpfs", "/tmp", folio_image, "serve", "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ask for a key" in done.stderr


@pytest.mark.soak
@pytest.mark.slow("four containers that import the handlers")
def test_uploads_are_read_once_by_four_workers_of_which_one_is_killed(
    folio_image: str, aws: OtherS3, tell: Callable[[str], None]
) -> None:
    bucket = f"uploads-{uuid4().hex[:8]}"
    aws.s3.create_bucket(Bucket=bucket)
    files = documents(DOCUMENTS)
    put_all(aws.s3, bucket, files)
    words = ("worker", f"s3://{bucket}/", "--endpoint", aws.endpoint, "--jobs", "1", "--lease", "6")
    with ExitStack() as stack:
        workers = [stack.enter_context(container(folio_image, *words)) for _ in range(WORKERS)]
        wait_until(lambda: bool(read_by(workers[0].log())), 240)
        workers[0].signal("KILL")
        wait_until(lambda: len(results(aws.s3, bucket)) == len(files), size(240, full=1500))
        wait_until(lambda: not [key for key in listed(aws.s3, bucket) if key.endswith(keys.CLAIM)], 60)
        for worker in workers[1:]:
            worker.signal("TERM")
        wait_until(lambda: not any(worker.state()[0] for worker in workers), 30)
        assert [worker.state()[1] for worker in workers[1:]] == [0] * (WORKERS - 1)
        read = [read_by(worker.log()) for worker in workers]
    tell(f"{len(files)} documents by containers: {[one.total() for one in read]}")
    assert results(aws.s3, bucket) == {key: text_of(key) for key in files}
    together = sum(read, Counter[str]())
    assert set(together.values()) == {1}
    assert len(set(files) - set(together)) <= 1, "the killed one may have written a result it could not tell of"


def test_it_is_the_lambda_function(folio_image: str, aws: OtherS3) -> None:
    """Behind AWS's own emulator of the runtime, which SAM brings along."""
    etag = aws.s3.put_object(Bucket=BUCKET, Key="scan.pdf", Body=ONE)["ETag"]
    stored = {"bucket": {"name": BUCKET}, "object": {"key": "scan.pdf", "eTag": etag.strip('"')}}
    event: Any = {"Records": [{"eventName": "ObjectCreated:Put", "s3": stored}]}
    port = free_port()
    options = (*mount(EMULATOR, "/usr/local/bin/aws-lambda-rie"), "--publish", f"127.0.0.1:{port}:8080")
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    says = {"AWS_ENDPOINT_URL": aws.endpoint, "AWS_LAMBDA_FUNCTION_TIMEOUT": "120"}
    with container(folio_image, "handlers.upload.handler", options=options, variables=says) as running:
        wait_until(lambda: listens(port), 60)
        time.sleep(1)  # Docker listens before the emulator does
        answer = requests.post(url, json=event, timeout=130)
        assert (answer.status_code, answer.text) == (200, "null"), running.log()
    result = decode(aws.s3.get_object(Bucket=BUCKET, Key="scan.pdf.ocr.json")["Body"].read(), Result)
    assert (result.status, result.text) == ("complete", "Larkfield")
