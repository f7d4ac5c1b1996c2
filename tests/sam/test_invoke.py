"""The function in its container: the documents it must be able to read, and every event there is."""

import io
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image
from scripts.invoke import sam_local
from scripts.start_api import listens

from folio.keys import result_key
from tests.integration.upload.test_events import (
    test_event as test_event_in_its_container,  # noqa: F401 (the same, remotely)
)
from tests.sam.conftest import RemoteInbox, quiet_environment
from tests.support.documents.fonts import CHINESE, chinese_pdf
from tests.support.documents.pdfs import words
from tests.support.paths import DATA, ROOT

KEY = "inbox/a document"


def two_page_tiff() -> bytes:
    out = io.BytesIO()
    with Image.open(DATA / "chinese.png") as chinese:
        words("Larkfield 2093").save(out, "tiff", save_all=True, append_images=[chinese], compression="tiff_lzw")
    return out.getvalue()


DOCUMENTS = {
    "english-pdf": ((DATA / "english.pdf").read_bytes(), "eng", ("Larkfield", "2093"), 1),
    "chinese-scan": ((DATA / "chinese.png").read_bytes(), "chi_sim", ("图书馆", "5550142"), 1),
    "two-page-tiff": (two_page_tiff(), "eng+chi_sim", ("Larkfield", "2093", "图书馆"), 2),
    "chinese-without-its-font": (chinese_pdf(), "chi_sim", (CHINESE,), 1),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read(name: str, inbox: RemoteInbox, schema_result: Draft202012Validator) -> None:
    body, languages, known, pages = DOCUMENTS[name]
    # Always: what is asked here is whether the engine and the fonts do their part.
    assert inbox.read(KEY, body, providers="tesseract", languages=languages, ocr="always") == [KEY, result_key(KEY)]
    schema_result.validate(json.loads(inbox.body(result_key(KEY))))
    result = inbox.result(KEY)
    assert (result.status, [page.origin for page in result.pages]) == ("complete", ["ocr"] * pages)
    assert [word for word in known if word not in result.text] == []


def test_the_function_says_that_tesseract_is_the_layers(inbox: RemoteInbox) -> None:
    inbox.read(KEY, (DATA / "chinese.png").read_bytes(), providers="tesseract", languages="chi_sim")
    assert (inbox.result(KEY).engine.version or "")[:3] == "5.5"


def test_a_language_that_is_not_there_is_told_with_those_that_are(inbox: RemoteInbox) -> None:
    inbox.read(KEY, (DATA / "chinese.png").read_bytes(), providers="tesseract", languages="klingon")
    assert "chi_sim, eng" in inbox.error(KEY).error.message


def test_make_invoke_shows_what_the_function_left(built: Path, image: str) -> None:
    """`sam local invoke` as a developer runs it, on what lies in .aws-sam: here, what was just built."""
    assert image
    script, event = ROOT / "scripts" / "invoke.py", ROOT / "events" / "upload.json"
    command = [sys.executable, str(script), str(event), "--built", str(built)]
    done = subprocess.run(command, env=quiet_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "s3://folio-input-123456789012-us-east-1/reports/english.pdf.ocr.json" in done.stdout
    assert "Larkfield" in done.stdout
    assert (ROOT / "demo" / "english.pdf.ocr.json").is_file()


LATE = """
import http.server, time
time.sleep(2)
http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_a_container_that_is_slow_to_start_is_waited_for(image: str, tmp_path: Path) -> None:
    """SAM waits until it can connect, and asks then: whoever accepts before the function listens makes it give up."""
    command = sam_local("invoke", tmp_path / "template.json")
    address = command[command.index("--container-host-interface") + 1]
    assert command[command.index("--container-host") + 1] == address
    if address == "127.0.0.1":
        pytest.skip("With this Docker containers are reached on loopback only.")
    python = ("--entrypoint", "/var/lang/bin/python3.13", image, "-c", LATE)
    container = docker("run", "--detach", "--rm", "--publish", f"{address}::8080", *python)
    try:
        port = int(docker("port", container, "8080").rpartition(":")[2])
        refused = 0
        while refused < 200 and not listens(port, address):
            refused += 1
            time.sleep(0.1)
        assert refused > 1
        with urllib.request.urlopen(f"http://{address}:{port}/", timeout=20) as answer:
            assert answer.status == 200
    finally:
        docker("kill", container)


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()
