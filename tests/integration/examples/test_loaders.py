"""The loaders of examples/, against the real packages, on documents that are really read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from examples.langchain.folio_langchain import FolioLoader, FolioParser
from examples.llama_index.folio_llama_index import FolioReader
from langchain_core.documents.base import Blob
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores import InMemoryVectorStore
from llama_index.core import Document, SimpleDirectoryReader
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode

import folio
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.processes.serving import KEY, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("real packages, and documents that are read")]

FIRST, SECOND = "Larkfield is open", "Twine costs 42.50"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Two pages with their own text."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(make_pdf(*(PdfPage(content=text(line)) for line in (FIRST, SECOND))))
    return path


@pytest.fixture
def sign(tmp_path: Path) -> Path:
    """A picture, for an engine."""
    path = tmp_path / "sign.png"
    words("lantern harbour", size=(640, 120), at=(40, 30)).save(path)
    return path


class Counting:
    """Reads as `folio.read` does, and notes what it was asked for."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, source: Any, **options: Any) -> folio.Document:
        self.seen.append(Path(source).name)
        return folio.read(source, **options)


def stands_inside(boxes: list[dict[str, Any]]) -> bool:
    return bool(boxes) and all(
        0 <= one["box"][0] < one["box"][2] <= one["width"] and 0 <= one["box"][1] < one["box"][3] <= one["height"]
        for one in boxes
    )


class TestLangChain:
    def test_pages_have_their_numbers_and_boxes(self, letter: Path) -> None:
        first, second = FolioLoader(letter, by="page").load()
        assert [first.page_content, second.page_content] == [FIRST, SECOND]
        assert (second.metadata["page"], second.metadata["page_label"], second.metadata["total_pages"]) == (1, "2", 2)
        assert (second.metadata["source"], second.metadata["status"]) == (str(letter), "complete")
        assert [one["page"] for one in second.metadata["boxes"]] == [2]
        assert stands_inside(first.metadata["boxes"])
        assert stands_inside(second.metadata["boxes"])

    def test_boxes_are_those_of_the_words(self, sign: Path) -> None:
        (one,) = FolioLoader(sign, languages="eng").load()
        assert one.page_content == "lantern harbour"
        (box,) = one.metadata["boxes"]
        words_here = [word.bounds for word in folio.read(sign, languages="eng").words]
        left, top, right, bottom = box["box"]
        assert left <= words_here[0][0]
        assert right >= words_here[-1][2]
        assert 20 < top < bottom < 100
        assert (box["width"], box["height"]) == (640, 120)

    def test_a_file_is_read_when_it_is_asked_for(self, letter: Path, sign: Path) -> None:
        read = Counting()
        documents = FolioLoader([letter, sign], by="page", read=read).lazy_load()
        assert read.seen == []
        next(documents)
        next(documents)
        assert read.seen == ["letter.pdf"]
        assert next(documents).page_content == "lantern harbour"
        assert read.seen == ["letter.pdf", "sign.png"]

    async def _asynchronously(self, letter: Path) -> list[str]:
        return [one.page_content async for one in FolioLoader(letter, by="page").alazy_load()]

    def test_it_loads_asynchronously_too(self, letter: Path) -> None:
        import asyncio

        assert asyncio.run(self._asynchronously(letter)) == [FIRST, SECOND]

    def test_a_blob_of_bytes_is_parsed_with_its_metadata(self, letter: Path) -> None:
        blob = Blob.from_data(letter.read_bytes(), path="s3://bucket/letter.pdf", metadata={"tenant": "a"})
        parsed = FolioParser(by="page").parse(blob)
        assert [one.page_content for one in parsed] == [FIRST, SECOND]
        assert (parsed[0].metadata["source"], parsed[0].metadata["tenant"]) == ("s3://bucket/letter.pdf", "a")

    def test_reading_again_replaces_what_a_store_has(self, letter: Path) -> None:
        store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
        store.add_documents(FolioLoader(letter).load())
        store.add_documents(FolioLoader(letter).load())
        found = store.similarity_search("Twine", k=9)
        assert len(found) == len(FolioLoader(letter).load())
        assert all(stands_inside(one.metadata["boxes"]) for one in found)
        json.dumps([one.metadata for one in found])

    def test_an_index_of_langchain_sees_that_nothing_has_changed(self, letter: Path) -> None:
        records, store = InMemoryRecordManager("folio"), InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
        records.create_schema()
        args: dict[str, Any] = {"cleanup": "incremental", "source_id_key": "source", "key_encoder": "sha256"}
        assert index(FolioLoader(letter, by="page"), records, store, **args)["num_added"] == 2
        again = index(FolioLoader(letter, by="page"), records, store, **args)
        assert (again["num_added"], again["num_skipped"], again["num_deleted"]) == (0, 2, 0)


class TestLlamaIndex:
    def test_pages_have_their_numbers_and_boxes(self, letter: Path) -> None:
        first, second = FolioReader(by="page").load_data(letter)
        assert [first.text, second.text] == [FIRST, SECOND]
        assert (second.metadata["page_label"], second.metadata["file_name"]) == ("2", "letter.pdf")
        assert [one["page"] for one in second.metadata["boxes"]] == [2]
        assert stands_inside(first.metadata["boxes"])

    def test_boxes_are_for_programs_and_not_for_the_model(self, letter: Path) -> None:
        (one, *_) = FolioReader().load_data(letter)
        for mode in (MetadataMode.EMBED, MetadataMode.LLM):
            shown = one.get_content(mode)
            assert "boxes" not in shown
            assert "page_label" in shown
        # Splitters refuse documents whose metadata is longer than a piece of text may be.
        nodes = SentenceSplitter(chunk_size=64, chunk_overlap=0).get_nodes_from_documents([one])
        assert stands_inside(nodes[0].metadata["boxes"])

    def test_a_file_is_read_when_it_is_asked_for(self, letter: Path) -> None:
        read = Counting()
        documents = FolioReader(by="page", read=read).lazy_load_data(letter)
        assert read.seen == []
        assert next(iter(documents)).text == FIRST

    @pytest.mark.usefixtures("sign")
    def test_it_is_the_reader_of_a_directory(self, letter: Path) -> None:
        (letter.parent / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing that can be read")
        extractor: dict[str, Any] = {".pdf": FolioReader(by="page"), ".png": FolioReader(languages="eng")}
        reader = SimpleDirectoryReader(str(letter.parent), file_extractor=extractor)
        documents = reader.load_data()
        assert [one.text for one in documents] == [FIRST, SECOND, "lantern harbour"]  # without the broken one
        assert documents[0].metadata["file_path"] == str(letter)
        strict = SimpleDirectoryReader(str(letter.parent), file_extractor=extractor, raise_on_error=True)
        with pytest.raises(Exception, match="Error loading file") as told:
            strict.load_data()
        assert isinstance(told.value.__cause__, folio.FolioError)

    def test_files_of_another_file_system_are_read(self, letter: Path) -> None:
        from fsspec.implementations.memory import MemoryFileSystem

        elsewhere = MemoryFileSystem()
        elsewhere.pipe_file("/scans/letter.pdf", letter.read_bytes())
        reader = SimpleDirectoryReader("/scans", fs=elsewhere, file_extractor={".pdf": FolioReader(by="page")})
        assert [one.text for one in reader.load_data()] == [FIRST, SECOND]

    def test_ids_follow_the_content(self, letter: Path) -> None:
        ids = [[one.doc_id for one in FolioReader().load_data(letter)] for _ in range(2)]
        assert ids[0] == ids[1]
        assert len(set(ids[0])) == len(ids[0])


type Load = Callable[..., list[Any]]


def by_langchain(path: Path, **arguments: Any) -> list[Any]:
    return FolioLoader(path, **arguments).load()


def by_llama_index(path: Path, **arguments: Any) -> list[Document]:
    return FolioReader(**arguments).load_data(path)


@pytest.mark.parametrize("load", [by_langchain, by_llama_index])
class TestBoth:
    def test_what_cannot_be_read_is_an_error_with_a_sentence(self, load: Load, tmp_path: Path) -> None:
        with pytest.raises(folio.errors.SourceGone) as gone:
            load(tmp_path / "nothing.pdf")
        assert gone.value.hint
        (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing that can be read")
        with pytest.raises(folio.errors.DamagedDocument):
            load(tmp_path / "broken.pdf")
        with pytest.raises(folio.errors.BadOption):
            load(tmp_path / "broken.pdf", dpi=9000)

    def test_a_table_is_a_document_with_its_headings(self, load: Load, tmp_path: Path) -> None:
        table = "<table><tr><th>Item</th><th>Count</th></tr><tr><td>Twine</td><td>12</td></tr></table>"
        (tmp_path / "stock.html").write_text(f"<html><body><h1>Stock</h1><p>On the shelf.</p>{table}</body></html>")
        shown = [one.metadata for one in load(tmp_path / "stock.html")]
        assert [one["kind"] for one in shown] == ["text", "table"]
        assert "Stock" in shown[1]["headings"]

    def test_a_folio_elsewhere_reads_it(self, load: Load, letter: Path) -> None:
        with serving() as api:
            there = load(letter, by="page", read=folio.Client(api.url, key=KEY).read)
        here = load(letter, by="page")
        assert len(here) == 2
        assert [one.metadata["boxes"] for one in there] == [one.metadata["boxes"] for one in here]
