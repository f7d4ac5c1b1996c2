"""Lambda handlers called on this machine as the Lambda runtime calls them."""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HANDLER = "handlers.upload.handler"  # as template.yaml names it
_DEFAULT_SECONDS = 300
_PACKED = Path(__file__).parent / "functions"  # in an installed Folio, which brings no package `handlers` to others
TASK_ROOT = _PACKED if _PACKED.is_dir() else Path(__file__).parents[2]  # the template's CodeUri


class LocalContext:
    """The part of the Lambda context that handlers use."""

    function_name = "folio-local"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:folio-local"
    aws_request_id = "local"

    def __init__(self, seconds: float = _DEFAULT_SECONDS) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


def enter_task_root() -> None:
    """Make `handlers` importable from where the deployed code lies, as the Lambda runtime does."""
    if str(TASK_ROOT) not in sys.path:
        sys.path.insert(0, str(TASK_ROOT))


def load_handler(name: str = HANDLER) -> Callable[[dict[str, Any], Any], Any]:
    """Import and return the function that a handler's name (`module.function`) stands for."""
    enter_task_root()
    module, _, function = name.rpartition(".")
    handler: Callable[[dict[str, Any], Any], Any] = getattr(importlib.import_module(module), function)
    return handler
