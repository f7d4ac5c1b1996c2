"""The memory of PP-OCR's process over many pages, and after them."""

import random
import time
from pathlib import Path

import psutil
import pytest

from folio.deadline import Deadline
from folio.documents import children
from folio.providers.ppocr.processes import EngineProcesses
from tests.support.documents.drawings import draw
from tests.support.sizes import size

SOON = 60.0  # seconds, on a busy machine
MB = 2**20
LINE = "the quick brown fox jumps over the lazy dog"


@pytest.mark.slow("reads many pages")
@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_many_pages_take_no_more_memory_than_a_few_and_it_is_given_back_when_none_comes(tmp_path: Path) -> None:
    """Pages of all sizes, some of them larger: what is kept for a size of image would add up."""
    children.close()  # those of other tests that wait for a call, which this one's would be given
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    engine, dice, path = EngineProcesses(1), random.Random(1), tmp_path / "page.pgm"
    resident: list[int] = []
    pages = size(30, full=300)
    for number in range(pages):
        width, height = (
            (1240, 1754) if number % size(10, full=30) == 5 else (dice.randint(300, 900), dice.randint(200, 700))
        )
        draw(*[LINE[: dice.randint(5, 40)]] * 2, size=(width, height), height=24, at=(10, 10)).image.save(path)
        assert engine.read(path, ("eng",), Deadline()).text
        process = _started_since(before)
        resident.append(process.memory_info().rss // MB)
    assert max(resident[pages // 2 :]) <= 1.1 * max(resident[: pages // 2])
    end = time.monotonic() + SOON
    while process.memory_info().rss // MB > 0.8 * max(resident) and time.monotonic() < end:
        time.sleep(0.2)
    assert process.memory_info().rss // MB <= 0.8 * max(resident)
    engine.close()


def _started_since(before: set[int]) -> psutil.Process:
    """Return the process that reads pages, whatever else other tests' servers start meanwhile."""
    (process,) = (
        child
        for child in psutil.Process().children()
        if child.pid not in before and any("folio.documents.child" in argument for argument in child.cmdline())
    )
    return process
