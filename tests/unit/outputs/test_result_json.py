from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folio.models import Engine, Page, Result, ResultHead, Source, decode, encode, now
from folio.outputs.result_json import JsonWriter

HEAD = ResultHead(
    status="complete",
    created=now(),
    source=Source(bucket=None, key="票/a.pdf", etag="e"),
    engine=Engine(provider="tesseract", version="5", languages=("eng",), mode="general", settings="s"),
    text='a "quoted" 发票\n',
    confidence=None,
    timings={"total": 1.5},
)


def result_of(pages: list[Page]) -> Result:
    head = {name: getattr(HEAD, name) for name in HEAD.__struct_fields__}
    return Result(**head, pages=tuple(pages))


@given(texts=st.lists(st.text(max_size=8), max_size=4))
@settings(max_examples=30)
def test_pages_streamed_are_the_whole_result_byte_for_byte(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = [Page(number=n, width=10, height=20, dpi=300, text=text) for n, text in enumerate(texts, 1)]
    with JsonWriter(tmp_path_factory.mktemp("out")) as writer:
        for page in pages:
            writer.add(page)
        written = writer.finish(HEAD).read_bytes()
    assert written == encode(result_of(pages))
    assert decode(written, Result) == result_of(pages)


def test_pages_wait_on_disk_and_not_in_memory(tmp_path: Path) -> None:
    with JsonWriter(tmp_path) as writer:
        for number in range(1, 201):
            writer.add(Page(number=number, width=1, height=1, dpi=None, text="x" * 10_000))
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) > 1_900_000


def test_an_abandoned_result_leaves_no_result_file(tmp_path: Path) -> None:
    with JsonWriter(tmp_path) as writer:
        writer.add(Page(number=1, width=1, height=1, dpi=None))
    assert not (tmp_path / "result.json").exists()
