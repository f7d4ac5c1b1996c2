"""An S3 and a service for queues on loopback (moto), with one bucket."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from folio.config.environment import use_environment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"
_BUFFER_BYTES = 65_536  # of an object that moto keeps in memory; what is larger goes to a file
_FORM_BYTES = 100_000  # that an upload form adds to its file

type App = Callable[[dict[str, Any], Callable[..., Any]], Any]


def _guarded(app: App, origins: frozenset[str], max_bytes: int | None) -> App:
    """Refuse pages of other origins, since this S3 checks no keys, and what is too large."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("HTTP_ORIGIN") not in (None, *origins):
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"This S3 is for the page of folio serve alone."]
        if max_bytes is not None and length.isdigit() and int(length) > max_bytes + _FORM_BYTES:
            start("413 Content Too Large", [("Content-Type", "application/xml"), ("Connection", "close")])
            return [b"<Error><Code>EntityTooLarge</Code></Error>"]
        return app(environ, start)

    return answer


def _in_turn(app: App) -> App:
    """Let requests for one object wait for each other: moto closes an object that is replaced while it is read."""
    # A lock is gone when nobody waits for it.
    turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
    choosing = threading.Lock()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        path = str(environ.get("PATH_INFO", ""))
        if path.count("/") < 2 or path.endswith("/"):  # a bucket, or a queue
            return app(environ, start)
        with choosing:
            turn = turns.setdefault(path, threading.Lock())
        with turn:
            parts = app(environ, start)
            try:
                return [b"".join(parts)]
            finally:
                getattr(parts, "close", lambda: None)()

    return answer


@contextmanager
def local_aws(
    bucket: str, host: str = "127.0.0.1", origins: frozenset[str] = frozenset(), max_bytes: int | None = None
) -> Iterator["S3Client"]:
    """Serve AWS on a free port of a loopback address, with that bucket, and yield a client of its S3.

    The AWS SDK of this process, and of those it starts from now on, talks to it. `origins` are the web pages that may,
    `max_bytes` is the size of the largest file.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    from folio.stores.s3 import make_client

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would log every request
    app = _guarded(_in_turn(DomainDispatcherApplication(create_backend_app)), origins, max_bytes)
    server = make_server(host, 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"[{host}]" if ":" in host else host
    use_environment(
        {
            "AWS_ENDPOINT_URL": f"http://{address}:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(_BUFFER_BYTES),
            "FOLIO_BUCKET": bucket,
            "POWERTOOLS_LOG_LEVEL": "ERROR",
            "POWERTOOLS_METRICS_DISABLED": "true",
        }
    )
    try:
        client = make_client()
        client.create_bucket(Bucket=bucket)
        yield client
    finally:
        server.shutdown()
        server.server_close()  # a late caller is refused at once instead of waiting for its timeout
