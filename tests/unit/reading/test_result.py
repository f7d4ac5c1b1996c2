"""One page of a result is had without the others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys
from folio.errors import SourceGone
from folio.models import Page, decode
from folio.outputs.result_json import JsonWriter
from folio.reading.result import read_page
from tests.fakes.memory_store import MemoryStore
from tests.unit.outputs.test_result_json import HEAD

KEY = "发票.pdf"


class OnlyParts(MemoryStore):
    """Refuses to give a whole result."""

    def read(self, key: str) -> None:
        if not key.endswith("index.json"):
            pytest.fail(f"{key} was read whole.")
        return super().read(key)  # type: ignore[return-value] # of the contract


def pages(*texts: str) -> list[Page]:
    return [Page(number=2 * n, width=10, height=20, dpi=300.0, text=text) for n, text in enumerate(texts, 1)]


def put(store: MemoryStore, folder: Path, given: list[Page], *, index: bool = True) -> None:
    with JsonWriter(folder) as writer:
        for page in given:
            writer.add(page)
        store.put(keys.result_key(KEY), writer.finish(HEAD).read_bytes())
        if index:
            store.put(keys.output_key(KEY, "index"), writer.index.read_bytes())


@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_every_page_is_found_by_the_index(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    store, given_ = MemoryStore(), pages(*texts)
    put(store, tmp_path_factory.mktemp("result"), given_)
    parts = OnlyParts()
    parts.objects = store.objects
    for page in given_:
        found = read_page(parts, KEY, page.number)
        assert found is not None
        assert decode(found, Page) == page


def test_without_an_index_the_result_is_searched(tmp_path: Path) -> None:
    store = MemoryStore()
    put(store, tmp_path, pages("one", "two"), index=False)
    found = read_page(store, KEY, 4)
    assert found is not None
    assert decode(found, Page).text == "two"
    assert read_page(store, KEY, 3) is None


@pytest.mark.parametrize("other", [b"{", b'{"pages":{"4":[3,5]}}', b'{"pages":{"4":[999999,5]}}', b'{"pages":{}}'])
def test_an_index_of_another_result_misleads_nobody(other: bytes, tmp_path: Path) -> None:
    store = MemoryStore()
    put(store, tmp_path, pages("one", "two"))
    store.put(keys.output_key(KEY, "index"), other)
    found = read_page(store, KEY, 4)
    assert found is not None
    assert decode(found, Page).text == "two"


def test_before_there_is_a_result_there_is_no_page() -> None:
    with pytest.raises(SourceGone):
        read_page(MemoryStore(), KEY, 1)
