"""Run the built function in a Lambda container on one event, against an S3 on this machine, and show what it leaves.

Run: .venv/bin/python scripts/invoke.py EVENT [--object KEY=FILE ...] [--option NAME=VALUE ...], after `make build`.
The documents the event is about are put into the bucket first: the sample of the same ending, or the file named for it.
$LAMBDA_IMAGE takes the place of AWS's own image, for machines that cannot pull it.
"""

import argparse
import ipaddress
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import boto3
from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped] # it ships no types
from moto.server import ThreadedMotoServer
from msgspec import Struct

from folio import keys
from folio.cli.demo import samples
from folio.models import ErrorReport, Result, decode
from folio.s3_events import Upload, uploads

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".aws-sam" / "build"
RESULTS = ROOT / "demo"
SAM = Path(sys.executable).with_name("sam")
HOST = "host.docker.internal"  # this machine, seen from a container
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}


class LocalS3(Struct, frozen=True):
    """An S3 on this machine: a client for here, and the address for containers."""

    client: "S3Client"
    endpoint: str


def bridge() -> str:
    """The address on which containers reach this machine. With Docker Desktop that is loopback."""
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]
    network = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    address: str = network.get("Gateway") or str(next(ipaddress.ip_network(network["Subnet"]).hosts()))
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return "127.0.0.1"
    return address


@contextmanager
def local_s3() -> Iterator[LocalS3]:
    """An S3 (moto) that containers reach, and nobody outside this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of every request
    server = ThreadedMotoServer(ip_address=bridge(), port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        yield LocalS3(client, f"http://{HOST}:{port}")
    finally:
        server.stop()


def local_template(built: Path, endpoint: str) -> Path:
    """A template beside the built one whose functions talk to a local S3.

    `sam local` passes only variables that a template declares, and this one is no business of the deployed function.
    """
    template: dict[str, Any] = cfn_yaml.load(str(built / "template.yaml"))
    template["Globals"]["Function"]["Environment"]["Variables"] |= CREDENTIALS | {"AWS_ENDPOINT_URL": endpoint}
    local = built / "local.json"
    local.write_text(json.dumps(template), "utf-8")
    return local


def sam_local(command: str, template: Path, *arguments: str) -> list[str]:
    """A `sam local` command line whose containers reach this machine.

    SAM reaches them at the bridge, too. On loopback Docker itself accepts, before anything listens in the container:
    SAM then takes one that is slow to start for one that failed, and gives up within a second.
    """
    image = os.environ.get("LAMBDA_IMAGE")
    chosen = ["--skip-pull-image", "--invoke-image", image] if image else []
    address = bridge()
    host = ["--add-host", f"{HOST}:host-gateway", "--container-host", address, "--container-host-interface", address]
    region = ["--region", CREDENTIALS["AWS_DEFAULT_REGION"]]
    return [str(SAM), "local", command, "--template", str(template), *region, *host, *chosen, *arguments]


def uploads_in(event: dict[str, Any]) -> list[Upload]:
    """The uploads an event tells of, in whatever it is wrapped."""
    records = event.get("Records") or [{}]
    if records[0].get("eventSource") != "aws:sqs":
        return uploads(event)
    bodies = [json.loads(record["body"]) for record in records if record["body"].startswith("{")]
    return [upload for body in bodies for upload in uploads(body)]


def put(client: "S3Client", upload: Upload, named: dict[str, Path], options: dict[str, str]) -> str:
    """Upload the document an event is about; its ETag."""
    by_ending = {file.suffix: (file, chosen) for file, chosen in samples()}
    if upload.key in named:
        file = named[upload.key]
    elif (ending := Path(upload.key).suffix) in by_ending:
        file, chosen = by_ending[ending]
        options = chosen | options
    else:
        sys.exit(f"There is no sample for {upload.key}; name one with --object '{upload.key}=FILE'.")
    metadata = {f"folio-{name}": value for name, value in options.items()}
    return client.put_object(Bucket=upload.bucket, Key=upload.key, Body=file.read_bytes(), Metadata=metadata)["ETag"]


def show(client: "S3Client", upload: Upload) -> None:
    """Print what was left for one document, and keep a copy."""
    for key in (keys.result_key(upload.key), keys.error_key(upload.key)):
        try:
            data = client.get_object(Bucket=upload.bucket, Key=key)["Body"].read()
        except client.exceptions.NoSuchKey:
            continue
        RESULTS.mkdir(exist_ok=True)
        copy = RESULTS / Path(key).name
        copy.write_bytes(data)
        print(f"\ns3://{upload.bucket}/{key} (a copy: {copy.relative_to(ROOT)})\n")
        print(decode(data, ErrorReport).error.message if key.endswith(keys.ERROR) else decode(data, Result).text)
        return
    print(f"\nNothing was left for s3://{upload.bucket}/{upload.key}.")


def pair(chosen: str) -> tuple[str, str]:
    """KEY=VALUE from the command line; a key may hold = itself, so the last one parts them."""
    name, equals, value = chosen.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{chosen} is not of the form NAME=VALUE")
    return name, value


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("event", type=Path)
    parser.add_argument("--built", type=Path, default=BUILT, help="what sam build made")
    parser.add_argument("--object", type=pair, action="append", default=[], metavar="KEY=FILE")
    parser.add_argument("--option", type=pair, action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


def main() -> int:
    chosen = arguments()
    if not (chosen.built / "template.yaml").exists():
        sys.exit("Nothing is built; run `make build`.")
    event = chosen.event.read_text("utf-8")
    documents = [upload for upload in uploads_in(json.loads(event)) if not keys.is_ours(upload.key)]
    named = {key: Path(file) for key, file in chosen.object}
    with local_s3() as s3, NamedTemporaryFile("w", suffix=".json") as file:
        for bucket in {upload.bucket for upload in documents}:
            s3.client.create_bucket(Bucket=bucket)
        for upload in documents:
            etag = put(s3.client, upload, named, dict(chosen.option)).strip('"')
            # The function reads only the version an event is about, and a named file is not the sample it tells of.
            event = event.replace(upload.etag, etag) if upload.key in named and upload.etag else event
        file.write(event)
        file.flush()
        template = local_template(chosen.built, s3.endpoint)
        done = subprocess.run(sam_local("invoke", template, "UploadFunction", "--event", file.name), check=False)
        for upload in documents:
            show(s3.client, upload)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
