"""Merging takes little memory and no pixels, however long the document."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from folio import keys
from folio.models import Page, Result, decode
from folio.reading.result import read_page
from folio.stores.folder import FolderStore
from tests.support.paths import ROOT
from tests.support.processes.merge_alone import KEY, page
from tests.support.processes.running import MB, environment
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

PAGES = size(300, full=2000)
MOST = 256 * MB


def alone(what: str, folder: Path) -> str:
    env = environment(PYTHONPATH=f"{ROOT / 'functions'}:{ROOT}")
    command = [sys.executable, "-m", "tests.support.processes.merge_alone", what, str(folder), str(PAGES)]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.soak
@pytest.mark.slow("two processes, and hundreds of pages")
@pytest.mark.timeout(1200)
def test_a_long_document_is_merged_in_256_megabytes_without_opencv(tmp_path: Path, tell: Callable[[str], None]) -> None:
    alone("keep", tmp_path)
    status, pages, peak, *pixels = alone("merge", tmp_path).split()
    tell(f"merge of {pages} pages: at most {int(peak) / MB:.0f} MB")
    assert (status, pages, pixels) == ("complete", str(PAGES), [])
    assert int(peak) <= MOST, f"{int(peak) / MB:.0f} MB"

    store = FolderStore(tmp_path)
    assert store.list(keys.checkpoints(KEY)) == []
    for number in (1, PAGES // 2, PAGES):
        found = read_page(store, KEY, number)
        assert found is not None
        assert decode(found, Page) == page(number).page
    whole = json.loads((tmp_path / keys.result_key(KEY)).read_bytes())
    assert [item["number"] for item in whole["pages"]] == list(range(1, PAGES + 1))
    assert decode((tmp_path / keys.result_key(KEY)).read_bytes(), Result).source.pages == PAGES
    assert sorted(whole["outputs"]) == ["index", "pdf", "text"]
