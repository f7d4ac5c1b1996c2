"""A long document at a desk is read by several processes, with the same result as by one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from folio import keys
from folio.models import Result, decode
from tests.support.aws.region import scan
from tests.support.processes.running import alongside, folio, tree
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

pytestmark = [
    needs_tools,
    pytest.mark.timeout(600),
    pytest.mark.slow("several processes, each with its imports"),
]

PAGES = 14
SEVERAL = {"FOLIO_SPLIT_PAGES": "6", "FOLIO_SPLIT_CHUNK": "2", "FOLIO_JOBS": "2", "FOLIO_RECIPE": "none"}


@contextmanager
def watching(pid: int | None = None) -> Iterator[set[int]]:
    """The processes started to read chunks, below a process (by itself: this one), until the end of the block."""
    seen: set[int] = set()

    def watch(ended: threading.Event) -> None:
        while not ended.wait(0.02):
            parents = dict(filter(None, map(_spawned, tree(pid or psutil.Process().pid))))
            # Not what they start in turn, which has their name until it has its own.
            seen.update(one for one, parent in parents.items() if parent not in parents)

    with alongside(watch):
        yield seen


def _spawned(process: psutil.Process) -> tuple[int, int] | None:
    """The number of a process that was started to read chunks, and its parent's."""
    try:
        return (process.pid, process.ppid()) if "spawn_main" in " ".join(process.cmdline()) else None
    except psutil.Error:  # it has ended meanwhile
        return None


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "parcels.pdf"
    path.write_bytes(scan(PAGES))
    return path


@pytest.fixture(scope="module")
def alone(document: Path) -> Result:
    """What one process reads."""
    ran = folio("read", document, "-o", document.parent / "alone", cwd=document.parent, FOLIO_RECIPE="none")
    assert ran.code == 0, ran.err
    return result(document.parent / "alone")


def result(folder: Path) -> Result:
    return decode((folder / keys.result_key("parcels.pdf")).read_bytes(), Result)


def test_folio_read(document: Path, alone: Result) -> None:
    target = document.parent / "several"
    with watching() as processes:
        ran = folio("read", document, "-o", target, cwd=document.parent, timeout=300, **SEVERAL)
    assert ran.code == 0, ran.err
    assert len(processes) == 2
    assert result(target).pages == alone.pages
    left = {path.name for path in target.rglob("*") if path.is_file()}
    assert left == {keys.result_key("parcels.pdf"), "index.json"}, "nothing that was kept on the way"


def test_folio_serve_with_two_at_a_time(document: Path, alone: Result) -> None:
    with serving(settings=SEVERAL) as api, watching(api.pid) as processes:
        jobs = [api.upload(document.read_bytes(), filename="parcels.pdf") for _ in range(2)]
        told = [api.finished(job, 300) for job in jobs]
        assert processes, "one of the two at least was read by processes of its own"
        for seen in told:
            done = [one["pages"]["done"] for one in seen]
            assert done == sorted(done)
            assert seen[-1]["state"] == "complete"
            assert seen[-1]["pages"] == {"done": PAGES, "total": PAGES, "ready": "", "chosen": ""}
            found = decode(api.fetch(seen[-1]["links"]["result"]), Result)
            assert [page.text for page in found.pages] == [page.text for page in alone.pages]
