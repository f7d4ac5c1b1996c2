"""`folio serve` from its start to Ctrl-C."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory

from msgspec import Struct

from folio.config.environment import use_environment
from folio.config.settings import Settings
from folio.errors import BadOption, StoreUnavailable
from folio.serve.gateway import Gateway
from folio.serve.lambda_processes import HandlerPool, HandlerProcess
from folio.serve.local_aws import REGION, local_aws
from folio.serve.uploads import Uploads
from folio.wiring import s3_store

LOOPBACK = {"127.0.0.1": "127.0.0.1", "::1": "::1", "localhost": "127.0.0.1"}
API, UPLOAD = "handlers.api.handler", "handlers.upload.handler"
BUCKET = "folio-local"
_OTHERS = 2  # processes for requests that read no document
_SHUTDOWN_SECONDS = 5  # for requests that are being answered at Ctrl-C


class ServeConfig(Struct, frozen=True, kw_only=True):
    """Options of `folio serve`.

    `port` 0 is any that is free, `keys` are those accepted (without them none is asked for), `jobs` is how many
    documents are read at once.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    keys: tuple[str, ...] = ()
    jobs: int = 1


def serve(config: ServeConfig, settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until a KeyboardInterrupt; `ready` is called with the address once requests are answered.

    Raises BadOption, StoreUnavailable.
    """
    import boto3
    import uvicorn

    with one_interrupt(), ExitStack() as stack:
        # Processes that are killed leave temporary files, which must not stay.
        folder = stack.enter_context(TemporaryDirectory(prefix="folio-serve-", ignore_cleanup_errors=True))
        listening = stack.enter_context(_listen(config))
        host, port = listening.getsockname()[:2]
        names = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        origins = frozenset(f"http://{name}" for name in names)
        s3 = stack.enter_context(local_aws(BUCKET, host, origins, settings.max_bytes))
        use_environment({"TMPDIR": folder, "FOLIO_LONG_DOCUMENTS_LOCK": f"{folder}/long"})
        sqs = boto3.client("sqs", region_name=REGION)
        functions = [HandlerProcess(UPLOAD) for _ in range(config.jobs)]
        uploads = Uploads(s3, sqs, functions, BUCKET, s3_store(BUCKET), settings.max_attempts)
        stack.callback(uploads.stop)
        reading, others = HandlerPool(API, config.jobs), HandlerPool(API, _OTHERS)
        stack.callback(others.stop)
        stack.callback(reading.stop)
        gateway = Gateway(reading, others, uploads.queue_is_full, config.keys, frozenset(names))
        server = uvicorn.Server(
            uvicorn.Config(
                gateway,
                log_level="critical",
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        ready(address)
        server.run([listening])


@contextmanager
def one_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt in the block at the first SIGINT or SIGTERM, and ignore all that follow.

    A second one while processes are being stopped would leave some running, and the program would wait for their end.
    """
    stop_signals = (signal.SIGINT, signal.SIGTERM)
    interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal interrupted
        interrupted = True
        for number in stop_signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, interrupt) for number in stop_signals}
    try:
        yield
    finally:
        if not interrupted:  # or the program ends, and nothing may interrupt that
            for number, handler in previous.items():
                signal.signal(number, handler)


def _listen(config: ServeConfig) -> socket.socket:
    """Listen on loopback alone: neither the S3 inside nor the page is made for a network."""
    if config.host not in LOOPBACK:
        raise BadOption(f"host={config.host!r} is not loopback; choose 127.0.0.1 or ::1, or deploy Folio.")
    host = LOOPBACK[config.host]
    try:
        return socket.create_server(
            (host, config.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise StoreUnavailable(f"Port {config.port} cannot be listened on ({error.strerror}).") from error
