"""`folio mcp` from its start to its end, over stdio or HTTP."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mcp.server.transport_security import TransportSecuritySettings
from msgspec import Struct

from folio.config.environment import use_environment
from folio.config.settings import Settings
from folio.errors import FolioError
from folio.process_pool import hide_keys
from folio.serve.agents.documents import AgentDocuments
from folio.serve.agents.keys import WithKeys
from folio.serve.agents.tools import make_server
from folio.serve.run import LOOPBACK, listen, one_interrupt

if TYPE_CHECKING:
    from mcp.server import MCPServer

PATH = "/mcp"
_INTERRUPTED = 130
_SHUTDOWN_SECONDS = 2  # for requests that are being answered at Ctrl-C


class McpConfig(Struct, frozen=True, kw_only=True):
    """Options of `folio mcp`: whose documents, where results go (None: beside them), and with `http` where it listens
    and for which keys; `port` 0 is any that is free.
    """

    folders: tuple[Path, ...]
    results: Path | None = None
    http: bool = False
    host: str = "127.0.0.1"
    port: int = 8001
    keys: tuple[str, ...] = ()


def serve_agents(
    config: McpConfig, settings: Settings, explain: Callable[[FolioError], str], ready: Callable[[str], None]
) -> None:
    """Serve until the client ends (stdio) or a KeyboardInterrupt (HTTP).

    `ready` is called with the address; in stdio mode never, for standard output is the protocol's. Raises BadOption,
    StoreUnavailable.
    """
    hide_keys()
    with ExitStack() as stack:
        # Threads that are left behind at the end leave temporary files, which must not stay.
        scratch = TemporaryDirectory(prefix="folio-mcp-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(scratch))
        use_environment({"TMPDIR": str(folder)})
        documents = AgentDocuments(config.folders, config.results, folder / "results", settings)
        server = make_server(documents, settings, explain)
        if config.http:
            _serve_http(server, config, ready)
            return

        def end(*_: object) -> None:
            # At once: a thread waits for standard input, which nothing but its end can wake up.
            scratch.cleanup()
            os._exit(_INTERRUPTED)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        server.run("stdio")


def _serve_http(server: "MCPServer", config: McpConfig, ready: Callable[[str], None]) -> None:
    import uvicorn

    with one_interrupt(), listen(config.host, config.port, config.keys) as listening:
        host, port = listening.getsockname()[:2]
        names = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        security = TransportSecuritySettings(
            # With keys, a page elsewhere can do nothing, whatever name it reaches this server by.
            enable_dns_rebinding_protection=config.host in LOOPBACK,
            allowed_hosts=names,
            allowed_origins=[f"http://{name}" for name in names],
        )
        # No call needs another, so there are no sessions to keep.
        app = server.streamable_http_app(
            streamable_http_path=PATH, stateless_http=True, json_response=True, transport_security=security, host=host
        )
        http = uvicorn.Server(
            uvicorn.Config(
                WithKeys(app, config.keys),
                log_level="critical",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}{PATH}")
        http.run([listening])
