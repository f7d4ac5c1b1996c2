"""Where uv is: the Makefile's, also for scripts and tests that are started without make."""

import os
from pathlib import Path


def find_uv() -> str:
    """Return the program's path. Raises SystemExit with a sentence."""
    cache = os.environ.get("FOLIO_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "folio"
    candidates = [os.environ.get("UV", ""), *sorted(map(str, Path(cache).glob("uv-*/bin/uv")), reverse=True)]
    if existing := next((path for path in candidates if path and Path(path).exists()), None):
        return existing
    raise SystemExit("uv is not there; `make setup` installs it.")
