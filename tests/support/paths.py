"""Where things lie in a checkout, and the measuring documents beside it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
EVENTS = ROOT / "events"
SHARED = ROOT.parent / "shared" / "data"
