"""Callers that behave badly, and documents that do: an answer within 30 s, and the next request is unharmed."""

import http.client
import io
import os
import shutil
import socket
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from PIL import Image

from tests.support.api.conformance import ONE, problem
from tests.support.documents.pdfs import write_pdf
from tests.support.processes.running import MB
from tests.support.processes.serving import KEY, Api, serving
from tests.support.tools import needs_tools

pytestmark = needs_tools
PATIENCE = 30.0


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving("--jobs", "1") as api:
        yield api


@pytest.fixture(autouse=True)
def unharmed(api: Api) -> Iterator[None]:
    """Whatever a test did to it, the next request of the same kind is answered well, and at once."""
    yield
    end = time.monotonic() + 2 * PATIENCE
    answer = api.read(ONE, "text/plain")
    while answer.status_code == 429 and time.monotonic() < end:  # what was begun for who has gone is ended first
        time.sleep(float(answer.headers["Retry-After"]))
        answer = api.read(ONE, "text/plain")
    assert (answer.status_code, answer.text) == (200, "Larkfield\n")


def connect(api: Api) -> socket.socket:
    place = urlsplit(api.url)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE + 5)


def head(api: Api, length: int | str, *more: str) -> bytes:
    lines = [
        "POST /v1/documents HTTP/1.1",
        f"Host: {urlsplit(api.url).netloc}",
        f"X-Api-Key: {KEY}",
        "Content-Type: application/pdf",
        f"Content-Length: {length}",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def answered(connection: socket.socket, begin: float) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    assert time.monotonic() - begin < PATIENCE
    return answer


def test_a_caller_who_goes_away_in_the_middle_of_the_body(api: Api) -> None:
    with connect(api) as connection:
        connection.sendall(head(api, len(ONE)) + ONE[:100])


def test_a_caller_who_does_not_wait_for_the_answer(api: Api) -> None:
    for _ in range(5):
        with connect(api) as connection:
            connection.sendall(head(api, len(ONE)) + ONE)


@pytest.mark.slow("the server waits for a body as long as it may")
def test_a_body_that_trickles(api: Api) -> None:
    with connect(api) as connection:
        begin = time.monotonic()
        connection.sendall(head(api, len(ONE)))
        connection.settimeout(0.5)
        got = b""
        for byte in ONE:
            connection.sendall(bytes([byte]))
            try:
                got = connection.recv(10_000)
                break
            except TimeoutError:
                continue
        assert got.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - begin < PATIENCE


def test_a_body_that_is_shorter_than_it_says(api: Api) -> None:
    with connect(api) as connection:
        begin = time.monotonic()
        connection.sendall(head(api, len(ONE) + 10) + ONE)
        answer = answered(connection, begin)
        assert answer.status == 408
        assert b"Content-Length" in answer.read()


def test_a_body_that_is_longer_than_it_says(api: Api) -> None:
    with connect(api) as connection:
        begin = time.monotonic()
        connection.sendall(head(api, len(ONE) - 200) + ONE)
        assert answered(connection, begin).status in (200, 422), "what it says counts"


@pytest.mark.parametrize("length", ["-1", "many", "1e3", str(10**30)])
def test_a_length_that_is_none(api: Api, length: str) -> None:
    with connect(api) as connection:
        begin = time.monotonic()
        connection.sendall(head(api, length) + ONE)
        connection.shutdown(socket.SHUT_WR)
        assert answered(connection, begin).status in (400, 413)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_sent_elsewhere(api: Api, chunked: bool) -> None:
    body = b"%PDF-" + bytes(10_000_001)
    sent = iter([body]) if chunked else body
    headers = {"X-Api-Key": KEY, "Content-Type": "application/pdf"}
    answer = requests.post(f"{api.url}v1/documents", data=sent, headers=headers, timeout=PATIENCE)
    assert "v1/uploads" in problem(answer, 413).hint


def test_another_name_for_this_machine(api: Api) -> None:
    answer = requests.get(f"{api.url}v1/health", headers={"Host": "evil.example", "X-Api-Key": KEY}, timeout=PATIENCE)
    problem(answer, 400)


def test_a_page_elsewhere_cannot_talk_to_the_bucket(api: Api) -> None:
    told = api.call("POST", "v1/uploads", json={}).json()
    answer = requests.get(told["url"], headers={"Origin": "https://evil.example"}, timeout=PATIENCE)
    assert answer.status_code == 403
    own = requests.get(told["url"], headers={"Origin": api.url.rstrip("/")}, timeout=PATIENCE)
    assert own.status_code == 200


def memory(api: Api) -> int:
    """Of the server and all it has started."""
    top = psutil.Process(api.pid)
    total = 0
    for process in (top, *top.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def png_bomb() -> bytes:
    """A picture of 60,000 by 60,000 pixels in four kilobytes for each that it claims to be."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = zlib.compressobj(9)
    data = b"".join(row.compress(bytes(7501)) for _ in range(60_000)) + row.flush()
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def stream_bomb() -> bytes:
    """A page whose content is a gigabyte of nothing."""
    pack = zlib.compressobj(9)
    data = b"".join(pack.compress(b" " * MB) for _ in range(1000)) + pack.flush()
    return write_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<<>>>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(data), data),
        ]
    )


def fax_bomb() -> bytes:
    """Two hundred pages of one TIFF, each a hundred megapixels of white."""
    pages = [Image.new("1", (10_000, 10_000), 1)] * 3
    data = io.BytesIO()
    pages[0].save(data, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    return data.getvalue()


@pytest.mark.slow("a gigabyte is unpacked, by us and by poppler")
@pytest.mark.parametrize("bomb", [png_bomb, stream_bomb, fax_bomb])
def test_a_document_that_grows_when_it_is_unpacked(api: Api, bomb: object) -> None:
    before = memory(api)
    body = bomb()  # type: ignore[operator] # one of the three above
    assert len(body) < 2 * MB
    begin = time.monotonic()
    answer = api.read(body)
    assert time.monotonic() - begin < PATIENCE
    assert answer.status_code in (200, 202, 413, 422), answer.text
    assert memory(api) - before < 600 * MB


@pytest.mark.slow("a server of its own, which gives up on a page after five seconds, twice")
@pytest.mark.parametrize("program", ["pdftoppm", "pdfinfo"])
def test_a_poppler_that_hangs(program: str, tmp_path: Path) -> None:
    """Its document becomes a job, which fails and says so; the others are read meanwhile."""
    script = tmp_path / program
    script.write_text(f"""#!/bin/sh
if grep -q HANG "$(for a in "$@"; do [ -f "$a" ] && echo "$a"; done | head -1)" 2>/dev/null; then exec sleep 1000; fi
exec "{shutil.which(program)}" "$@"
""")
    script.chmod(0o755)
    more = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FOLIO_PAGE_TIMEOUT": "5", "FOLIO_MAX_ATTEMPTS": "2"}
    with serving("--jobs", "1", settings=more) as api:
        begin = time.monotonic()
        answer = api.read(ONE + b"\n% HANG\n")
        assert time.monotonic() - begin < PATIENCE
        assert api.read(ONE, "text/plain").text == "Larkfield\n", "the next is unharmed"
        if answer.status_code == 202:
            *_, done = api.finished(answer.json()["id"])
            assert done["state"] == "failed"
            assert done["error"]["status"] in (422, 502, 504)
        else:
            assert answer.status_code in (422, 504), answer.text
