"""Handlers called on this machine as the Lambda runtime calls them."""

import importlib
import time
from collections.abc import Callable
from typing import Any

HANDLER = "handlers.upload.handler"  # as template.yaml names it
_SECONDS = 300


class LocalContext:
    """What a handler may ask of its Lambda context."""

    function_name = "folio-local"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:folio-local"
    aws_request_id = "local"

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


def load_handler(name: str = HANDLER) -> Callable[[dict[str, Any], Any], Any]:
    """The function behind a handler's name, found as the Lambda runtime finds it."""
    module, _, function = name.rpartition(".")
    handler: Callable[[dict[str, Any], Any], Any] = getattr(importlib.import_module(module), function)
    return handler
