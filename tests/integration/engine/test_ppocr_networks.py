"""PP-OCR's networks as a process has them once they are loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes.running import environment

DENORMAL = """
import numpy as np
from folio.providers.ppocr.onnx.networks import networks
numbers = np.full(64, 1e-40, np.float32)
before = (numbers * np.float32(2)).any()
networks()
print(before, (numbers * np.float32(2)).any())
"""


MEMORY = """
import sys
import numpy as np
from folio.providers.ppocr.onnx.networks import networks, release_memory
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4 // 1024
release_memory()
page, line = np.zeros((1024, 768), np.uint8), np.zeros((48, 480), np.uint8)
loaded = networks()
kept = []
for shift in range(0, 3 * 256, 32):
    loaded.text_map(page[shift:])
    loaded.recognizer.features(line[:, : 480 - shift // 2])
    kept.append(resident())
release_memory()
print(kept[0], kept[-1], resident())
loaded.text_map(page)
"""


@pytest.mark.slow("a process that loads the networks")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_pages_of_many_sizes_does_not_add_up_and_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, last, released = map(int, done.stdout.split())
    assert last < first * 1.2
    assert released < first * 0.7


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
    code = "from folio.providers.ppocr.onnx.networks import networks; networks()"
    here = environment(HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path), CI="", GITHUB_ACTIONS="")
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []
