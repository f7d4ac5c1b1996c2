"""The built function and its layers, in a container that has nothing but what Lambda has.

Skipped where the layers are not built or Docker is missing; in CI that is a failure.
"""

import io
import json
import os
import platform
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from msgspec import Struct
from scripts.invoke import SAM, LocalS3, local_s3, local_template, sam_local
from scripts.size import complete
from scripts.start_api import free_port, listens

from tests.support.aws.inbox import BUCKET, Inbox, remove_bucket
from tests.support.paths import ROOT

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "folio"
LAYERS = Path(os.environ.get("FOLIO_CACHE") or CACHE) / "layers"
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())  # as Lambda calls it
COMPLETE = {folder.name: folder for folder in complete(LAYERS)}
STAND_IN = ROOT.parent / "shared" / "tools" / "lambda-image"
PUBLIC_IMAGE = "public.ecr.aws/lambda/python:3.13"
# Everything Lambda sets that these programs could look at, and no more; stdout is not a terminal.
BARE = ("env", "-i", "PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sam)
            # The first one waits for `sam build`, which compiles whatever has changed in the layers.
            item.add_marker(pytest.mark.timeout(3600))


def missing(what: str) -> NoReturn:
    """In CI everything must be there, or these tests would be skipped for ever without anybody noticing."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def layers_of(architecture: str) -> Path:
    """The folder of an architecture's finished layers; the test is skipped, or fails, where there is none."""
    if architecture not in COMPLETE:
        if architecture == ARCHITECTURE:
            missing(f"the layers for {architecture} are not built: make layers")
        pytest.skip(f"the layers for {architecture} are not built: make layers ARCH={architecture}")
    return COMPLETE[architecture]


def quiet_environment(**more: str) -> dict[str, str]:
    """For SAM: no telemetry, no coverage of its own code, and .venv's Python first on PATH, where it looks for one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "COV_CORE"))}
    path = f"{SAM.parent}{os.pathsep}{kept['PATH']}"
    return kept | {"SAM_CLI_TELEMETRY": "0", "PATH": path, **more}


def mount(folder: Path, place: str) -> list[str]:
    return ["--volume", f"{folder}:{place}:ro"]


@pytest.fixture(scope="session")
def built(image: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `sam build` makes for this machine's processor, which takes minutes: not without a Docker to run it in."""
    if ARCHITECTURE not in COMPLETE:
        missing(f"the layers for {ARCHITECTURE} are not built: make layers")
    folder = tmp_path_factory.mktemp("sam") / "build"
    command = [str(SAM), "build", "--build-dir", str(folder), "--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    done = subprocess.run(
        command, cwd=ROOT, env=quiet_environment(FOLIO_ARCH=ARCHITECTURE), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def image() -> str:
    """The image that functions run in; the Docker engine is up, and the environment says where."""
    if STAND_IN.exists():
        told = subprocess.run([STAND_IN], stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in told.splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            os.environ[name] = shlex.split(value)[0]
    try:
        subprocess.run(["docker", "info"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        missing("there is no Docker engine: https://docs.docker.com/engine/install, then make layers")
    return os.environ.get("LAMBDA_IMAGE", PUBLIC_IMAGE)


class Container(Struct, frozen=True):
    """One command at a time in the image, with both layers in /opt; nothing but /tmp can be written to."""

    image: str
    opt: Path

    def run(self, *command: str, more: tuple[str, ...] = (), given: bytes | None = None) -> bytes:
        """The command's standard output."""
        program, *rest = command
        read_only = ["--read-only", "--tmpfs", "/tmp", *mount(self.opt, "/opt"), *more]
        docker = ["docker", "run", "--rm", "--interactive", *read_only, "--entrypoint", program, self.image, *rest]
        done = subprocess.run(docker, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def bare(self, *command: str, given: bytes | None = None) -> bytes:
        """The same without any environment variable but PATH."""
        return self.run(*BARE, *command, given=given)


@pytest.fixture(scope="session")
def container(image: str, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Container:
    """Lambda lays all layers over each other."""
    opt = tmp_path_factory.mktemp("opt")
    for layer in ("OcrToolsLayer", "PythonLayer"):
        subprocess.run(["cp", "-al", f"{built / layer}/.", opt], check=True)
    opt.chmod(0o755)
    return Container(image, opt)


@pytest.fixture(scope="session")
def container_s3(image: str) -> Iterator[LocalS3]:
    with local_s3() as s3:
        yield s3


@pytest.fixture(scope="session")
def template(built: Path, container_s3: LocalS3) -> Path:
    return local_template(built, container_s3.endpoint)


class Service(Struct, frozen=True):
    """`sam local start-lambda` with a warm container for each function."""

    endpoint: str

    def invoke(self, event: dict[str, Any], function: str = "UploadFunction") -> Any:
        config = Config(signature_version=UNSIGNED, read_timeout=300, retries={"max_attempts": 0})
        client = boto3.client("lambda", endpoint_url=self.endpoint, region_name="us-east-1", config=config)
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        payload = answer["Payload"].read()
        assert "FunctionError" not in answer, payload.decode()
        return json.loads(payload or b"null")


@pytest.fixture(scope="session")
def service(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    port = free_port()
    command = sam_local("start-lambda", template, "--port", str(port), "--warm-containers", "EAGER", "--no-watch")
    log = tmp_path_factory.mktemp("service") / "log"
    with log.open("wb") as file:
        process = start(command, file)
        try:
            wait_for(port, process, log)
            yield Service(f"http://127.0.0.1:{port}")
        finally:
            process.send_signal(signal.SIGINT)  # it removes its containers
            process.wait(150)


def start(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    # In a group of its own: a Ctrl-C meant for pytest must not reach it before the last test is done with it.
    return subprocess.Popen(command, env=quiet_environment(), stdout=log, stderr=log, start_new_session=True)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it listens: with EAGER that is when its containers run."""
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        if listens(port):
            return
        time.sleep(0.2)
    pytest.fail(f"sam local start-lambda did not start: {log.read_text()}")


class RemoteInbox(Inbox):
    """The bucket, and the function behind it in its container."""

    def __init__(self, s3: LocalS3, service: Service) -> None:
        super().__init__(s3.client, io.StringIO())
        self._service = service

    def send(self, event: dict[str, Any], seconds: float = 300) -> list[str] | None:  # noqa: ARG002 (the template's)
        answer = self._service.invoke(event)
        return None if answer is None else [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def inbox(container_s3: LocalS3, service: Service) -> Iterator[RemoteInbox]:
    """An empty bucket, as tests/integration has it."""
    client = container_s3.client
    client.create_bucket(Bucket=BUCKET)
    yield RemoteInbox(container_s3, service)
    remove_bucket(client, BUCKET)
