"""The scratch space of a function, which keeps what an invocation that was killed left in it."""

import shutil
import tempfile
from pathlib import Path

from folio.config.environment import is_lambda

_OURS = "folio-*"


def clear_scratch() -> None:
    """Remove what earlier invocations left. On Lambda alone: elsewhere others are at work in the same folder."""
    if not is_lambda():
        return
    for path in Path(tempfile.gettempdir()).glob(_OURS):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
