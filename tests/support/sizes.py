"""How much of something a test takes: as much as still finds the fault it is there for, or the full size, by far more.

The full sizes are run by `make soak` (FOLIO_SOAK=1), which runs the tests with the marker `soak`.
"""

import os

SOAK = os.environ.get("FOLIO_SOAK") == "1"


def size(usual: int, *, full: int) -> int:
    return full if SOAK else usual
