"""The built API in a Lambda container behind `sam local start-api`, with an S3 on this machine and the built upload
function behind it: what POST v1/uploads takes, and what becomes a job, is read. The addresses of that S3 are those for
containers (host.docker.internal), which not every machine knows.

Run: .venv/bin/python -m scripts.start_api [--port 3000], after `make build`; Ctrl-C ends it. No key is asked for.
$LAMBDA_IMAGE takes the place of AWS's own image, for machines that cannot pull it.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from scripts.invoke import BUILT, CREDENTIALS, LocalS3, local_s3, local_template, sam_local

from folio.config.settings import Settings
from folio.errors import EngineFailed
from folio.serve.uploads import Uploads
from folio.stores.s3 import S3Store

BUCKET = "folio-local"
START = 300  # seconds


class Remote:
    """A function behind `sam local start-lambda`."""

    def __init__(self, port: int, name: str = "UploadFunction") -> None:
        config = Config(signature_version=UNSIGNED, read_timeout=900, retries={"max_attempts": 0})
        endpoint = f"http://127.0.0.1:{port}"
        region = CREDENTIALS["AWS_DEFAULT_REGION"]
        self._client = boto3.client("lambda", endpoint_url=endpoint, region_name=region, config=config)
        self._name = name

    def invoke(self, event: dict[str, Any], seconds: float, request_id: str) -> Any:  # noqa: ARG002 (the template's)
        try:
            invocation = self._client.invoke(FunctionName=self._name, Payload=json.dumps(event).encode())
            answer = invocation["Payload"].read()
        except BotoCoreError as error:
            raise EngineFailed("The function cannot be reached.") from error
        if "FunctionError" in invocation:
            raise EngineFailed("The function failed.")
        return json.loads(answer)

    def stop(self) -> None:
        return


def api_template(built: Path, endpoint: str) -> Path:
    """The local template, whose API knows the bucket that is there."""
    path = local_template(built, endpoint)
    template = json.loads(path.read_text("utf-8"))
    function = template["Resources"]["ApiFunction"]["Properties"]
    function["Environment"]["Variables"] = {"FOLIO_BUCKET": BUCKET}
    path.write_text(json.dumps(template), "utf-8")
    return path


@contextmanager
def sam(command: str, template: Path, port: int, *extra: str) -> Iterator[None]:
    """A `sam local` service, from when it listens until the end of the block."""
    # In a group of its own: a Ctrl-C is for us, who end it when nobody needs it any more.
    arguments = sam_local(command, template, "--port", str(port), "--warm-containers", "LAZY", *extra)
    process = subprocess.Popen(arguments, start_new_session=True, env=_quiet())
    try:
        end = time.monotonic() + START
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise EngineFailed(f"sam local {command} did not start.")
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # it removes its containers
        process.wait(60)


def _quiet() -> dict[str, str]:
    """Without coverage of SAM's own code, which would be measured too."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "COV_CORE"))}
    return inherited | {"SAM_CLI_TELEMETRY": "0"}


def listens(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def start_api(built: Path, port: int) -> Iterator[LocalS3]:
    """The API at http://127.0.0.1:port/ until the end of the block; the S3 behind it."""
    with ExitStack() as stack:
        s3 = stack.enter_context(local_s3())
        s3.client.create_bucket(Bucket=BUCKET)
        template = api_template(built, s3.endpoint)
        functions = free_port()
        stack.enter_context(sam("start-lambda", template, functions))
        stack.enter_context(sam("start-api", template, port))
        sqs = boto3.client(
            "sqs",
            endpoint_url=s3.client.meta.endpoint_url,
            region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )
        store = S3Store(s3.client, BUCKET)
        uploads = Uploads(s3.client, sqs, [Remote(functions)], BUCKET, store, Settings().max_attempts)
        stack.callback(uploads.stop)
        yield s3


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--built", type=Path, default=BUILT, help="what sam build made")
    chosen = parser.parse_args()
    if not (chosen.built / "template.yaml").exists():
        sys.exit("Nothing is built; run `make build`.")
    with start_api(chosen.built, chosen.port):
        print(f"The API is at http://127.0.0.1:{chosen.port}/ until Ctrl-C.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
