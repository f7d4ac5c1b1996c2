"""HTTP on loopback, up to the ways in which it can go wrong."""

import http.server
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Struct

from tests.fakes.cloud.faults import Fault

type Json = dict[str, Any]
type TlsFiles = tuple[str, str]
HTML = "<html><body><h1>{status}</h1><p>nginx</p></body></html>"


class Request(Struct, frozen=True):
    """What came over the wire; header names are in small letters."""

    method: str
    target: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes


class Reply(Struct, frozen=True):
    status: int
    body: bytes
    headers: dict[str, str]


def make_certificate(folder: Path) -> TlsFiles:
    """A certificate for 127.0.0.1, which is its own authority, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"),
            *("-out", certificate, "-keyout", key),
        ],
        check=True,
        capture_output=True,
    )
    return str(certificate), str(key)


def json_reply(answer: Json, status: int = 200, content_type: str = "application/json", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, msgspec.json.encode(answer), {"Content-Type": content_type, **named})


def html_reply(status: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, HTML.format(status=status).encode(), {"Content-Type": "text/html", **named})


class WireServer(http.server.ThreadingHTTPServer):
    """Use it as a context manager. Leaving it ends every connection and thread, and fails if a handler has crashed."""

    daemon_threads = False  # leaving joins them all
    request_queue_size = 64

    def __init__(self, tls: TlsFiles | None, *, keep_alive: bool, drip_seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keep_alive, self.drip_seconds = keep_alive, drip_seconds
        self.connections = 0  # how many were opened so far
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._crashes: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._resetting: set[socket.socket] = set()
        self._scheme = "https" if tls else "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            # The handshake belongs to the connection's own thread: a client that stalls must not stop the others.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.host}"

    @property
    def host(self) -> str:
        """Address and port, as they stand in a Host header."""
        return f"127.0.0.1:{self.server_port}"

    def respond(self, request: Request, moment: float) -> tuple[Reply, Fault | None]:
        """The answer, and what is to befall it on its way."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self.lock:
            connections = list(self._open)
        for connection in connections:
            _hang_up(connection)
        self.server_close()
        if self._crashes and error is None:
            raise self._crashes[0]

    def watch(self, connection: socket.socket) -> None:
        with self.lock:
            self.connections += 1
            self._open.add(connection)
        if self.stopping.is_set():
            _hang_up(connection)

    def reset_at_close(self, connection: socket.socket) -> None:
        self._resetting.add(connection)
        # Lingering for no time at all makes the close a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def shutdown_request(self, request: Any) -> None:
        """Without the polite goodbye where the connection is to be reset."""
        with self.lock:
            self._open.discard(request)
        if request in self._resetting:
            self._resetting.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """A client may go away whenever it likes; anything else is a mistake of ours."""
        error = sys.exception()
        if error and not isinstance(error, OSError):
            self._crashes.append(error)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the client was faster
        return


class _Handler(http.server.BaseHTTPRequestHandler):
    server: WireServer
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.watch(self.connection)

    def do_POST(self) -> None:
        moment = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qsl(parts.query, keep_blank_values=True)
        request = Request(self.command, self.path, parts.path, query, headers, body)
        self._send(*self.server.respond(request, moment))

    do_GET = do_POST  # noqa: N815

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        if not self.server.keep_alive:
            self.send_header("Connection", "close")
        self.end_headers()
        kind = fault.kind if fault else ""
        if kind == "reset":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.server.stopping.wait(0.05)  # a reset takes along what was not yet read; let the beginning arrive
            self.server.reset_at_close(self.connection)
            self.close_connection = True
        elif fault and kind == "drip":
            self._drip(reply.body, fault.seconds(self.server.drip_seconds))
        else:
            self.wfile.write(reply.body)

    def _drip(self, body: bytes, seconds: float) -> None:
        for number in range(len(body)):
            if self.server.stopping.wait(seconds):
                self.close_connection = True
                return
            self.wfile.write(body[number : number + 1])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The records tell more."""
