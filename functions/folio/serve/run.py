"""`folio serve` from its start to Ctrl-C."""

import secrets
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from folio.config.environment import use_environment
from folio.config.settings import Settings
from folio.errors import BadOption, StoreUnavailable
from folio.models import encode
from folio.ops.stack import translated
from folio.process_pool import hide_keys
from folio.serve.gateway import Gateway
from folio.serve.lambda_processes import HandlerPool, HandlerProcess
from folio.serve.local_aws import REGION, local_aws
from folio.serve.uploads import Uploads
from folio.stores.folder_bucket import FolderBucket, ServedFolder
from folio.stores.s3 import make_client
from folio.wiring import SERVED_FOLDER, s3_store

LOOPBACK = {"127.0.0.1": "127.0.0.1", "::1": "::1", "localhost": "127.0.0.1"}
API, UPLOAD = "handlers.api.handler", "handlers.upload.handler"
BUCKET = "folio-local"
_OTHERS = 2  # processes for requests that read no document
_SHUTDOWN_SECONDS = 5  # for requests that are being answered at Ctrl-C


class ServeConfig(Struct, frozen=True, kw_only=True):
    """Options of `folio serve`.

    `port` 0 is any that is free, `keys` are those accepted (without them none is asked for, which is for loopback
    alone), `jobs` is how many documents are read at once. Without a `bucket` there is an S3 inside; what is put into a
    bucket is read by workers (`folio worker`).
    """

    host: str = "127.0.0.1"
    port: int = 8000
    keys: tuple[str, ...] = ()
    jobs: int = 1
    bucket: str = ""
    folder: Path | None = None
    results: Path | None = None


def serve(config: ServeConfig, settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until a KeyboardInterrupt; `ready` is called with the address once requests are answered.

    Raises BadOption, StoreUnavailable.
    """
    import uvicorn

    hide_keys()
    with one_interrupt(), ExitStack() as stack:
        # Processes that are killed leave temporary files, which must not stay.
        folder = stack.enter_context(TemporaryDirectory(prefix="folio-serve-", ignore_cleanup_errors=True))
        listening = stack.enter_context(listen(config.host, config.port, config.keys))
        host, port = listening.getsockname()[:2]
        names = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        use_environment({"TMPDIR": folder, "FOLIO_LONG_DOCUMENTS_LOCK": f"{folder}/long"})
        shown = _shown_folder(config)  # before the first process of a handler, which takes the environment over
        if config.bucket:
            queue_is_full = _existing_bucket(config.bucket)
        else:
            queue_is_full = _own_bucket(stack, config, settings, host, names)
        reading, others = HandlerPool(API, config.jobs), HandlerPool(API, _OTHERS)
        stack.callback(others.stop)
        stack.callback(reading.stop)
        # With keys, a page elsewhere can do nothing, whatever name it reaches this server by.
        hosts = names if config.host in LOOPBACK else None
        gateway = Gateway(reading, others, queue_is_full, config.keys, hosts, shown)
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


def _shown_folder(config: ServeConfig) -> FolderBucket | None:
    """Have the handlers show a folder, if there is one."""
    if config.folder is None:
        use_environment({SERVED_FOLDER: ""})
        return None
    results = str(config.results.resolve()) if config.results else ""
    served = ServedFolder(str(config.folder.resolve()), results, secrets.token_urlsafe(32))
    use_environment({SERVED_FOLDER: encode(served).decode()})
    return FolderBucket(served)


def _existing_bucket(bucket: str) -> Callable[[], bool]:
    """Have the handlers work on a bucket; its workers say nothing of how many documents wait. Raises SourceGone."""
    with translated():
        make_client().head_bucket(Bucket=bucket)
    use_environment({"FOLIO_BUCKET": bucket, "FOLIO_WORKFLOW": "", "POWERTOOLS_METRICS_DISABLED": "true"})
    return lambda: False


def _own_bucket(
    stack: ExitStack, config: ServeConfig, settings: Settings, host: str, names: frozenset[str]
) -> Callable[[], bool]:
    """Have the handlers work on a bucket that ends with the server; return whether its queue is full."""
    import boto3

    origins = frozenset(f"http://{name}" for name in names)
    loopback = host if config.host in LOOPBACK else "127.0.0.1"  # that S3 checks no keys
    s3 = stack.enter_context(local_aws(BUCKET, loopback, origins, settings.max_bytes))
    sqs = boto3.client("sqs", region_name=REGION)
    functions = [HandlerProcess(UPLOAD) for _ in range(config.jobs)]
    uploads = Uploads(s3, sqs, functions, BUCKET, s3_store(BUCKET), settings.max_attempts)
    stack.callback(uploads.stop)
    return uploads.queue_is_full


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


def listen(host: str, port: int, keys: Sequence[str]) -> socket.socket:
    """Listen on loopback, or with keys on any address. Raises BadOption, StoreUnavailable."""
    if host not in LOOPBACK and not keys:
        raise BadOption(f"host={host!r} is not loopback: choose 127.0.0.1 or ::1, or ask for a key (--api-key).")
    host = LOOPBACK.get(host, host)
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise StoreUnavailable(f"{host} port {port} cannot be listened on ({error.strerror}).") from error
