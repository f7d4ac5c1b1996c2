"""The whole of it, from start to Ctrl-C."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from msgspec import Struct

from folio.config.environment import use_environment
from folio.config.settings import Settings
from folio.errors import BadOption, StoreUnavailable
from folio.serve.gateway import Gateway
from folio.serve.lambda_processes import Environment, Environments
from folio.serve.local_aws import BUCKET, REGION, local_aws
from folio.serve.uploads import Uploads
from folio.wiring import s3_store

LOOPBACK = {"127.0.0.1": "127.0.0.1", "::1": "::1", "localhost": "127.0.0.1"}
API, UPLOAD = "handlers.api.handler", "handlers.upload.handler"
OTHERS = 2  # processes for calls that read no document
_QUIET = {"POWERTOOLS_LOG_LEVEL": "ERROR", "POWERTOOLS_METRICS_DISABLED": "true"}
_LAST_CALLS = 5  # seconds that calls get to end at Ctrl-C


class ServeConfig(Struct, frozen=True, kw_only=True):
    """Where to listen (port 0: any), the keys that are accepted (none: no key is asked for), documents read at once."""

    host: str = "127.0.0.1"
    port: int = 8000
    keys: tuple[str, ...] = ()
    jobs: int = 1


def serve(wanted: ServeConfig, settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until a KeyboardInterrupt; `ready` is told the address. Raises BadOption, StoreUnavailable."""
    import boto3
    import uvicorn

    with ExitStack() as stack:
        # Processes that are stopped in the middle leave files; what they were of must not stay.
        folder = stack.enter_context(TemporaryDirectory(prefix="folio-serve-", ignore_cleanup_errors=True))
        listening = stack.enter_context(_listen(wanted))
        host, port = listening.getsockname()[:2]
        names = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        s3 = stack.enter_context(local_aws(host, frozenset(f"http://{name}" for name in names), settings))
        use_environment(_QUIET | {"TMPDIR": folder, "FOLIO_LONG_DOCUMENTS_LOCK": f"{folder}/long"})
        sqs = boto3.client("sqs", region_name=REGION)
        functions = [Environment(UPLOAD) for _ in range(wanted.jobs)]
        uploads = Uploads(s3, sqs, functions, BUCKET, s3_store(BUCKET), settings.max_attempts)
        stack.callback(uploads.stop)
        reading, others = Environments(API, wanted.jobs), Environments(API, OTHERS)
        stack.callback(others.stop)
        stack.callback(reading.stop)
        gateway = Gateway(reading, others, uploads.are_many, wanted.keys, frozenset(names))
        server = uvicorn.Server(
            uvicorn.Config(
                gateway,
                log_level="critical",
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_LAST_CALLS,
            )
        )
        ready(address)
        server.run([listening])


def _listen(wanted: ServeConfig) -> socket.socket:
    """Only on loopback: neither the S3 inside nor the page is made for a network."""
    if wanted.host not in LOOPBACK:
        raise BadOption(f"host={wanted.host!r} is not loopback; choose 127.0.0.1 or ::1, or deploy Folio.")
    host = LOOPBACK[wanted.host]
    try:
        return socket.create_server(
            (host, wanted.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise StoreUnavailable(f"Port {wanted.port} cannot be listened on ({error.strerror}).") from error
