"""PP-OCR's networks as a process has them once they are loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes.running import environment

DENORMAL = """
import numpy as np
from folio.providers.ppocr.networks import networks
numbers = np.full(64, 1e-40, np.float32)
before = (numbers * np.float32(2)).any()
networks()
print(before, (numbers * np.float32(2)).any())
"""


@pytest.mark.slow("a process that loads the networks")
def test_numbers_too_small_to_matter_are_zero() -> None:
    """The detector has many of them, and a processor takes its time for each."""
    done = subprocess.run(
        [sys.executable, "-c", DENORMAL], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["True", "False"], "")


@pytest.mark.slow("a process that loads the networks")
def test_the_runtime_sends_nobody_anything(tmp_path: Path) -> None:
    """Unless it is told not to, it keeps an identifier of the machine in the user's cache and sends events about it."""
    code = "from folio.providers.ppocr.networks import networks; networks()"
    here = environment(HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path), CI="", GITHUB_ACTIONS="")
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []
