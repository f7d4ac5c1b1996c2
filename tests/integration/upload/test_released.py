"""What `make release` writes: `sam package` takes it as it is, and what it deploys reads by the released code."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # it ships no types
from scripts.cloudformation import translate
from scripts.release import release

from folio import keys
from folio.models import Result, decode
from tests.support.aws.deployed import Deployed, deploy
from tests.support.aws.template import of_type, walk
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import environment
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = needs_tools

PDF = make_pdf(PdfPage(picture=words("Larkfield")))
# What the Lambda runtime does, with the variables of the environment; and where the code came from.
INVOKE = """
import importlib, json, sys
import folio
from folio.serve.local_lambda import LocalContext
module, _, name = sys.argv[1].rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.load(sys.stdin), LocalContext())
print(json.dumps({"answer": answer, "from": folio.__file__}))
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with small layers: those of the tests that need no Docker are this machine's tools."""
    folder = tmp_path_factory.mktemp("release")
    for layer, name in (("ocr-tools", "bin/tesseract"), ("python", "python/cv2.so")):
        file = folder / "x86_64" / layer / name
        file.parent.mkdir(parents=True)
        file.write_text(layer)
        file.chmod(0o755 if layer == "ocr-tools" else 0o644)
    return release(folder / "x86_64", folder / "dist")


def test_the_same_files_give_the_same_bytes(released: Path, tmp_path: Path) -> None:
    again = tmp_path / "again" / "x86_64"
    shutil.copytree(released.parents[1] / "x86_64", again)
    for file in sorted(again.rglob("*"), reverse=True):  # written in another order, at another time
        os.utime(file, (1_000_000_000, 1_000_000_000))
    other = release(again, tmp_path / "dist")
    names = sorted(file.name for file in released.iterdir())
    assert names == sorted(file.name for file in other.iterdir())
    assert [(released / name).read_bytes() for name in names] == [(other / name).read_bytes() for name in names]
    whole = f"{released.name}.zip"
    assert (released.parent / whole).read_bytes() == (other.parent / whole).read_bytes()


def test_its_sums_are_those_of_its_files(released: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (released / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {file.name for file in released.iterdir()} - {"SHA256SUMS"}
    assert all(hashlib.sha256((released / name).read_bytes()).hexdigest() == sums[name] for name in sums)
    told = yaml_parse((released / "template.yaml").read_text())["Metadata"]["FolioRelease"]["SHA256"]
    assert told == {name: sums[name] for name in sums if name not in ("template.yaml", "cloudformation.json")}


def test_a_program_stays_executable_and_no_bytecode_of_the_function_is_in_it(released: Path) -> None:
    with zipfile.ZipFile(released / "ocr-tools.zip") as archive:
        assert [info.external_attr >> 16 for info in archive.infolist()] == [0o100755]
    with zipfile.ZipFile(released / "functions.zip") as archive:
        assert {"handlers/upload.py", "folio/web/index.html"} <= set(archive.namelist())
        assert not [name for name in archive.namelist() if "__pycache__" in name]


def test_nothing_is_left_to_build_and_every_path_lies_beside_the_template(released: Path) -> None:
    template = yaml_parse((released / "template.yaml").read_text())
    assert not [part for part in walk(template) if isinstance(part, dict) and "BuildMethod" in part]
    paths = [
        part[name]
        for part in walk(template)
        if isinstance(part, dict)
        for name in ("CodeUri", "ContentUri", "DefinitionUri")
        if name in part
    ]
    assert sorted(paths) == ["functions.zip", "long-document.asl.json", "ocr-tools.zip", "python.zip"]
    assert all((released / path).is_file() for path in paths)
    assert template["Parameters"]["Architecture"]["AllowedValues"] == ["x86_64"]


def packaged(released: Path, endpoint: str, target: Path) -> dict[str, Any]:
    """What the first half of `sam deploy` makes: all that lies beside the template is in S3."""
    sam = str(Path(sys.executable).with_name("sam"))
    places = ["--s3-bucket", "code", "--region", "us-east-1", "--output-template-file", str(target)]
    done = subprocess.run(
        [sam, "package", *places],
        cwd=released,
        env=environment(AWS_ENDPOINT_URL=endpoint, SAM_CLI_TELEMETRY="0"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    template: dict[str, Any] = yaml_parse(target.read_text())
    return translate(template)


def invoke(stack: Deployed, code: Path, event: dict[str, Any]) -> Any:
    """Run the function's handler from a folder of code, in a process that knows only the function's variables."""
    variables = stack.function["Environment"]["Variables"]
    done = subprocess.run(
        [sys.executable, "-c", INVOKE, stack.function["Handler"]],
        input=json.dumps(event),
        env=environment(**variables, PYTHONPATH=str(code)),
        cwd=code,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert Path(told["from"]).is_relative_to(code)
    return told["answer"]


EXISTING = {"ExistingBucket": "arn:aws:s3:::scans,arn:aws:s3:::faxes"}


@pytest.mark.parametrize("parameters", [{}, EXISTING], ids=["a bucket of its own", "buckets that are there"])
@pytest.mark.slow("sam package, and a process that imports the function")
def test_an_upload_to_what_is_deployed_is_read_by_the_released_code(
    parameters: dict[str, str], released: Path, moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    endpoint = moto_s3.meta.endpoint_url
    with deploy(
        endpoint, monkeypatch, parameters, package=lambda: packaged(released, endpoint, tmp_path / "packaged.yaml")
    ) as stack:
        layers = boto3.client("lambda").list_layers()["Layers"]
        assert len(layers) == len(of_type("AWS::Serverless::LayerVersion"))
        place = yaml_parse((tmp_path / "packaged.yaml").read_text())["Resources"]["UploadFunction"]["Properties"]
        bucket, _, key = place["CodeUri"].removeprefix("s3://").partition("/")
        body = stack.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        assert body == (released / "functions.zip").read_bytes()
        zipfile.ZipFile(io.BytesIO(body)).extractall(tmp_path / "task")

        assert (stack.bucket == "scans") is bool(parameters)
        stack.put("scan.pdf", PDF)
        messages = stack.receive(1)
        answer = invoke(stack, tmp_path / "task", stack.event(messages))
        assert answer == {"batchItemFailures": []}
        stack.settle(messages, set())
        result = decode(stack.body(keys.result_key("scan.pdf")), Result)
        assert (result.status, result.text) == ("complete", "Larkfield")
        assert stack.waiting() == 0
