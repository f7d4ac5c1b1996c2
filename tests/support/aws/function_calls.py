"""Lambda's Invoke on a loopback address: the deployed function's handler, called in this process."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from folio.serve.local_lambda import LocalContext

type Handler = Callable[[dict[str, Any], Any], Any]


@contextmanager
def function_calls(function: str, handler: Handler) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the address and the events that came; errors come back as the service gives them ("Invoke", API version
    2015-03-31).
    """
    events: list[dict[str, Any]] = []

    class Invoke(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != f"/2015-03-31/functions/{function}/invocations?Qualifier=live":
                self.send_error(404)
                return
            events.append(event)
            try:
                failed, payload = False, handler(event, LocalContext())
            except Exception as error:  # noqa: BLE001 (as Lambda does)
                failed, payload = True, {"errorType": type(error).__name__, "errorMessage": str(error)}
            body = json.dumps(payload).encode()
            self.send_response(200)
            if failed:
                self.send_header("X-Amz-Function-Error", "Unhandled")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Invoke)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", events
    finally:
        server.shutdown()
        server.server_close()
