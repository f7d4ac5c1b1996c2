"""An S3 on loopback (moto), with the one bucket of `folio serve`."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from folio.config.environment import use_environment
from folio.config.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "folio-local"
REGION = "us-east-1"
_MEMORY = 65_536  # bytes of an object that moto keeps in memory; the rest goes to a file
_FORM = 100_000  # bytes that a form adds to its file

type App = Callable[[dict[str, Any], Callable[..., Any]], Any]


def guarded(app: App, origins: frozenset[str], most: int) -> App:
    """Nobody's page but ours may talk to the S3, which knows no keys; and nothing too large gets in."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("HTTP_ORIGIN") not in (None, *origins):
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"This S3 is for the page of folio serve alone."]
        if length.isdigit() and int(length) > most + _FORM:
            start("413 Content Too Large", [("Content-Type", "application/xml"), ("Connection", "close")])
            return [b"<Error><Code>EntityTooLarge</Code></Error>"]
        return app(environ, start)

    return answer


@contextmanager
def local_aws(host: str, origins: frozenset[str], settings: Settings) -> Iterator["S3Client"]:
    """An S3, and a service for queues; this process's AWS SDK and those started from it talk to them from now on."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    from folio.stores.s3 import make_client

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of every request
    app = guarded(DomainDispatcherApplication(create_backend_app), origins, settings.max_bytes)
    server = make_server(host, 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"[{host}]" if ":" in host else host
    use_environment(
        {
            "AWS_ENDPOINT_URL": f"http://{address}:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(_MEMORY),
            "FOLIO_BUCKET": BUCKET,
        }
    )
    try:
        client = make_client()
        client.create_bucket(Bucket=BUCKET)
        yield client
    finally:
        server.shutdown()


@contextmanager
def local_s3() -> Iterator["S3Client"]:
    """An S3 on loopback (moto), which this process's AWS SDK talks to from now on."""
    from moto.server import ThreadedMotoServer

    from folio.stores.s3 import make_client

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    use_environment(
        {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
            "POWERTOOLS_LOG_LEVEL": "ERROR",
            "POWERTOOLS_METRICS_DISABLED": "true",
        }
    )
    try:
        yield make_client()
    finally:
        server.stop()
