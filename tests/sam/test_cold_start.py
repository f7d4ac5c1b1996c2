"""What a function costs before it reads: its imports, and the first invocation of all."""

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.invoke import LocalS3, sam_local

from tests.sam.conftest import Container, mount, quiet_environment
from tests.support.aws.inbox import BUCKET
from tests.support.paths import DATA, EVENTS, ROOT

ROUNDS = 9
LIMIT = 2.0
MEASURE = "import time; begin = time.process_time(); import {}; print(time.process_time() - begin)"


def import_cost(module: str, environment: dict[str, str]) -> float:
    """CPU seconds of one import in a fresh interpreter."""
    command = [sys.executable, "-c", MEASURE.format(module)]
    return float(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


HANDLERS = ("handlers.upload", "handlers.api")


@pytest.mark.slow("fresh processes, several times each: their time is what is measured")
def test_importing_a_handler_costs_little_more_than_boto3(tmp_path: Path, tell: Callable[[str], None]) -> None:
    # Nothing of this process's: coverage would be measured too, and bytecode may be off.
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "functions"),
        "PYTHONPYCACHEPREFIX": str(tmp_path),
    }
    modules = ("boto3", *HANDLERS)
    for module in modules:  # the first time it is compiled
        import_cost(module, environment)
    costs = [[import_cost(module, environment) for module in modules] for _ in range(ROUNDS)]
    boto3, *handlers = (statistics.median(column) for column in zip(*costs, strict=True))
    for name, handler in zip(HANDLERS, handlers, strict=True):
        tell(f"import boto3 {boto3:.3f} s, {name} {handler:.3f} s: ratio {handler / boto3:.2f} (CPU)")
    assert max(handlers) <= LIMIT * boto3


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_imports_nothing_slow(handler: str) -> None:
    """What the first document needs is imported when it is needed: an event about none never pays for it."""
    slow = {"boto3", "botocore.session", "cv2", "numpy", "PIL"}
    code = f"import sys, {handler}; print(*sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "functions")}
    loaded = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert slow & set(loaded.stdout.split()) == set()


@pytest.mark.slow("fresh containers and processes: their time is what is measured")
def test_the_first_invocation_is_mostly_tesseract(
    container: Container, container_s3: LocalS3, template: Path, tell: Callable[[str], None]
) -> None:
    """Imports, the clients, the download, poppler and preparation, on top of what Tesseract alone needs."""
    body = (DATA / "english.pdf").read_bytes()
    client = container_s3.client
    client.create_bucket(Bucket=BUCKET)
    key = json.loads((EVENTS / "upload.json").read_text())["Records"][0]["s3"]["object"]["key"]
    client.put_object(Bucket=BUCKET, Key=key, Body=body)
    try:
        first = first_invocation(template)
    finally:
        for left in client.list_objects_v2(Bucket=BUCKET)["Contents"]:
            client.delete_object(Bucket=BUCKET, Key=left["Key"])
        client.delete_bucket(Bucket=BUCKET)
    alone = bare_tesseract(container, body)
    tell(f"first invocation {first:.2f} s, bare tesseract {alone:.2f} s: ratio {first / alone:.2f}")
    # A figure to report, not a promise: it is mostly imports, and other tests may be running beside it.
    assert first < 12 * alone


def first_invocation(template: Path) -> float:
    """Seconds of a new container's first invocation, as Lambda would charge it."""
    command = sam_local("invoke", template, "UploadFunction", "--event", str(EVENTS / "upload.json"))
    done = subprocess.run(command, env=quiet_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = re.search(r"Init Duration: ([\d.]+) ms\s+Duration: ([\d.]+) ms", done.stderr)
    assert told, done.stderr
    return (float(told[1]) + float(told[2])) / 1000


def bare_tesseract(container: Container, pdf: bytes) -> float:
    """Seconds Tesseract alone takes for the same page in the same image, once it is drawn."""
    script = """
cat > /tmp/x.pdf && pdftoppm -r 300 -gray -singlefile /tmp/x.pdf /tmp/page
begin=$(date +%s.%N)
tesseract /tmp/page.pgm /tmp/text --dpi 300 2> /dev/null
echo "$begin $(date +%s.%N)"
"""
    begin, end = container.bare("sh", "-c", script, given=pdf).split()
    return float(end) - float(begin)


# Processor seconds of all processes, those that have ended included, for the first page and for the same once more.
PAGES = """
import glob, os, sys
sys.path.insert(0, "/var/task")
import folio

def spent():
    stats = [open(path).read().rpartition(")")[2].split() for path in glob.glob("/proc/[0-9]*/stat")]
    return sum(int(ticks) for fields in stats for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")

def read():
    folio.read(body, providers=sys.argv[1], languages="eng", ocr="always", jobs=1)
    return spent()

body = sys.stdin.buffer.read()
first = read()
print(first, read() - first)
"""


@pytest.mark.slow("fresh containers: their time is what is measured")
def test_the_first_page_by_either_engine(container: Container, tell: Callable[[str], None]) -> None:
    """PP-OCR starts a process and loads its networks first."""
    pdf = (DATA / "english.pdf").read_bytes()
    python = ("env", "-i", "PATH=/opt/bin:/usr/bin", "PYTHONPATH=/opt/python:/var/runtime", "/var/lang/bin/python3.13")
    firsts = {}
    for engine in ("tesseract", "ppocr"):
        command = (*python, "-c", PAGES, engine)
        said = container.run(*command, more=tuple(mount(ROOT / "functions", "/var/task")), given=pdf)
        first, again = map(float, said.split())
        tell(f"{engine}: first page {first:.2f} s, once more {again:.2f} s (CPU)")
        firsts[engine] = first
    # A figure to report: on this page, with few words, Tesseract is quick.
    assert firsts["ppocr"] < 4 * firsts["tesseract"]
