"""`folio.Client` against `folio serve`, and against servers that are none."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import folio
from folio.network import Unreachable
from tests.support.api.conformance import ONE
from tests.support.api.twin import Twin, client
from tests.support.processes.serving import Api, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("a server, and documents of many pages")]

__all__ = ["client"]  # the fixture


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as api:
        yield api


class TestTwin(Twin):
    pass


def test_a_wrong_key_is_told(api: Api) -> None:
    with pytest.raises(folio.errors.Unauthorized):
        folio.Client(api.url, key="wrong").read(ONE)


@contextmanager
def answering(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives these answers, the last again and again; and the headers it was sent."""
    remaining, sent = list(answers), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent.append(dict(self.headers))
            status, headers, body = remaining.pop(0) if len(remaining) > 1 else remaining[0]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", sent
        server.shutdown()


def test_a_busy_api_is_asked_again_with_the_same_key(api: Api) -> None:
    result = api.read(ONE).content
    busy = (503, {"Retry-After": "1"}, b'{"message": "Service Unavailable"}')
    with answering(busy, busy, (200, {}, result)) as (address, sent):
        assert folio.Client(address).read(ONE).text == "Larkfield"
    assert len(sent) == 3
    assert len({headers["Idempotency-Key"] for headers in sent}) == 1


def test_what_is_no_folio_is_told_in_a_sentence() -> None:
    page = b"<html>"
    with answering((404, {}, page)) as (address, _), pytest.raises(Unreachable, match="404, and not as Folio does"):
        folio.Client(address).read(ONE)
    with answering((200, {}, page)) as (address, _), pytest.raises(Unreachable, match="not answer as Folio does"):
        folio.Client(address).read(ONE)
    with answering((302, {"Location": "https://example.org/"}, b"")) as (address, _), pytest.raises(Unreachable):
        folio.Client(address, key="secret").read(ONE)
    with pytest.raises(Unreachable, match="cannot be reached"):
        folio.Client("http://127.0.0.1:9/", timeout=1).read(ONE)
    for address in ("ftp://x/", "nothing", "https://user:pass@x/"):
        with pytest.raises(folio.errors.BadOption):
            folio.Client(address)
