"""`folio mcp` as agents use it: the SDK's own client calls every tool, over stdio and over HTTP."""

import contextlib
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.processes.running import FOLIO, environment, folio, leaving_nothing
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("servers that import an engine")]

KEY = "a-key-for-agents"
SECRET = "Marigold"
TABLE = "<h1>Stock</h1><table><tr><th>Item</th><th>Count</th></tr><tr><td>Twine</td><td>12</td></tr></table>"

type Call = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents, and beside it a file and a folder that are not allowed."""
    base = tmp_path_factory.mktemp("mcp")
    folder = base / "allowed"
    (folder / "below").mkdir(parents=True)
    pages = (text(f"{SECRET} Lane 7 in", "Larkfield is open"), text("Second page", "Total: 42.50"))
    (folder / "letter.pdf").write_bytes(make_pdf(*(PdfPage(content=page) for page in pages)))
    (folder / "below" / "stock.html").write_text(f"<html><body>{TABLE}</body></html>")
    (folder / "form.pdf").write_bytes(make_pdf(PdfPage(content=text("Name: Ann Reed", "Date of birth: 1990-04-02"))))
    (folder / ".hidden.txt").write_text("hidden words")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing that can be read")
    (base / "outside.txt").write_text("outside words")
    (folder / "link.txt").symlink_to(base / "outside.txt")
    (folder / "circle.txt").symlink_to(folder / "circle.txt")
    return folder


@asynccontextmanager
async def over_stdio(folder: Path) -> AsyncIterator[Client]:
    """A client of a server in a process of its own; whatever is not the protocol on its output would end it."""
    command, *arguments = FOLIO
    with (folder.parent / "stderr").open("w") as log:
        server = StdioServerParameters(command=command, args=[*arguments, "mcp", str(folder)], env=environment())
        async with Client(stdio_client(server, errlog=log)) as client:
            yield client


@contextmanager
def http_server(folder: Path, *arguments: str, **settings: str) -> Iterator[str]:
    """A server over HTTP; its address."""
    command = [*FOLIO, "mcp", str(folder), "--http", "--port", "0", *arguments]
    with (folder.parent / "http.log").open("w+") as log:
        process = subprocess.Popen(
            command, env=environment(PYTHONUNBUFFERED="1", **settings), stdout=subprocess.PIPE, stderr=log, text=True
        )
        with leaving_nothing(process):
            assert process.stdout
            line = process.stdout.readline()
            assert "http://" in line, line
            yield next(part for part in line.split() if part.startswith("http://"))
            process.terminate()
            assert process.wait(30) == 0


@asynccontextmanager
async def over_http(url: str, **headers: str) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


def calling(client: Client) -> Call:
    async def call(tool: str, **arguments: Any) -> Any:
        result = await client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        return result.structured_content

    return call


async def every_tool(client: Client, folder: Path) -> None:
    assert "list_documents" in (client.instructions or "")
    call, called = calling(client), set[str]()

    async def use(tool: str, **arguments: Any) -> Any:
        called.add(tool)
        return await call(tool, **arguments)

    listed = await use("list_documents")
    names = [str(Path(path).relative_to(folder)) for path in listed["documents"]]
    assert names == ["below/stock.html", "broken.pdf", "form.pdf", "letter.pdf"]

    read = await use("read_document", path="letter.pdf")
    assert (read["status"], read["pages"], read["next_page"]) == ("complete", 2, None)
    assert f"{SECRET} Lane 7" in read["text"]
    second = await use("read_document", path="letter.pdf", form="text", first_page=2)
    assert second["text"] == "Second page\nTotal: 42.50"
    first = await use("read_document", path=str(folder / "letter.pdf"), options={"pages": "1"})
    assert first["pages"] == 1
    assert (await use("read_document", path="letter.pdf"))["pages"] == 2

    page = await use("read_page", path="letter.pdf", number=2)
    assert [line["text"] for line in page["lines"]] == ["Second page", "Total: 42.50"]
    assert all(0 <= x0 < x1 <= page["width"] for x0, _, x1, _ in (line["box"] for line in page["lines"]))

    found = (await use("search_document", path="letter.pdf", words="in LARKFIELD"))["matches"]
    assert [match["page"] for match in found] == [1]
    lines = (await call("read_page", path="letter.pdf", number=1))["lines"]
    assert len(found[0]["boxes"]) == 2
    for box, line in zip(found[0]["boxes"], lines, strict=True):
        assert line["box"][0] <= box[0] < box[2] <= line["box"][2] < line["box"][2] + 1
    assert found[0]["boxes"][0][0] > lines[0]["box"][0]
    assert (await call("search_document", path="letter.pdf", words="tulip"))["matches"] == []

    await every_tool_of_structure(use)
    assert called == {tool.name for tool in (await client.list_tools()).tools}


async def every_tool_of_structure(use: Call) -> None:
    tables = (await use("list_tables", path="below/stock.html"))["tables"]
    assert [(one["rows"], one["columns"]) for one in tables] == [(2, 2)]
    table = await use("read_table", path="below/stock.html", table=1)
    assert table["values"] == [["Item", "Count"], ["Twine", "12"]]
    assert [(cell["row"], cell["column"]) for cell in table["cells"]] == [(0, 0), (0, 1), (1, 0), (1, 1)]

    fields = (await use("read_fields", path="form.pdf", options={"mode": "form"}))["fields"]
    assert "Ann Reed" in [field["value"] for field in fields]


async def refusals(client: Client, folder: Path) -> None:
    outside = [
        "../outside.txt", str(folder.parent / "outside.txt"), "link.txt", ".hidden.txt", "below/../../outside.txt",
        "/etc/passwd", "../../nothing-there", "a\0b", "", "x" * 5000,
    ]  # fmt: skip
    said = [await refused(client, "read_document", path=path) for path in outside]
    assert all("is not in the folders that are allowed here" in one for one in said[:7]), said
    assert all("The path is empty" in one for one in said[7:]), said
    wrong: dict[str, dict[str, Any]] = {
        "There is no file 'circle.txt'": {"path": "circle.txt"},
        "There is no file 'below'": {"path": "below"},
        "not for agents": {"path": "letter.pdf", "options": {"providers": "baidu"}},
        "dpi='many' does not fit": {"path": "letter.pdf", "options": {"dpi": "many"}},
        "There is no page 9 in what was read": {"path": "letter.pdf", "first_page": 9},
        "The arguments first_page do not fit": {"path": "letter.pdf", "first_page": "x"},
        "Open it in a viewer": {"path": "broken.pdf"},
    }
    for part, arguments in wrong.items():
        assert part in await refused(client, "read_document", **arguments)
    assert "no table 3" in await refused(client, "read_table", path="letter.pdf", table=3)
    assert "characters to search for" in await refused(client, "search_document", path="letter.pdf", words=" ")


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, arguments
    said = "".join(block.text for block in result.content if block.type == "text")
    assert "Traceback" not in said
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_over_stdio_every_tool_answers_and_only_the_folder_is_open(documents: Path) -> None:
    async def run() -> None:
        async with over_stdio(documents) as client:
            await every_tool(client, documents)
            await refusals(client, documents)

    anyio.run(run)
    assert (documents.parent / "stderr").read_text() == ""
    assert (documents / "letter.pdf.ocr.json").exists()
    assert json.loads((documents / "letter.pdf.ocr.json").read_text())["source"]["pages"] == 2


def test_over_http_every_tool_answers_to_a_key_alone(documents: Path, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\nanother\n")

    async def run(url: str) -> None:
        for headers in ({"X-Api-Key": KEY}, {"Authorization": "Bearer another"}, {"X-Api-Key": "environment"}):
            async with over_http(url, **headers) as client:
                assert len((await client.list_tools()).tools) == 7
        async with over_http(url, **{"X-Api-Key": KEY}) as client:
            await every_tool(client, documents)
            await refusals(client, documents)
        for headers in ({}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer wrong"}):
            async with httpx2.AsyncClient(timeout=30) as http:
                assert (await http.post(url, json={}, headers=headers)).status_code == 401
            with pytest.raises(BaseException, match=r".") as caught:
                async with over_http(url, **headers):
                    pass
            assert not isinstance(caught.value, AssertionError)

    arguments = ("--host", "0.0.0.0", "--api-key-file", str(file))
    with http_server(documents, *arguments, FOLIO_API_KEYS="environment") as url:
        anyio.run(run, url.replace("0.0.0.0", "127.0.0.1"))
    log = (documents.parent / "http.log").read_text()
    assert SECRET not in log
    assert KEY not in log


def test_on_loopback_it_answers_to_its_own_name_alone(documents: Path) -> None:
    async def run(url: str) -> None:
        async with over_http(url) as client:
            assert (await client.call_tool("read_page", {"path": "letter.pdf", "number": 1})).is_error is False
        async with httpx2.AsyncClient(timeout=30) as http:
            for headers in ({"Host": "elsewhere.example"}, {"Origin": "https://elsewhere.example"}):
                assert (await http.post(url, json={}, headers=headers)).status_code in (403, 421)

    with http_server(documents) as url:
        anyio.run(run, url)


def test_a_result_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "allowed"
    folder.mkdir()
    (folder / "a.txt").write_text("some words")
    (tmp_path / "other.json").write_text("{}")
    (folder / "a.txt.ocr.json").symlink_to(tmp_path / "other.json")

    async def run() -> None:
        async with over_stdio(folder) as client:
            assert "leads out of the folder" in await refused(client, "read_document", path="a.txt")

    anyio.run(run)
    assert (tmp_path / "other.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--http", "--host", "0.0.0.0", "--port", "0"), "is not loopback: choose 127.0.0.1 or ::1, or ask for a key"),
        (("--host", "0.0.0.0"), "add --http"),
        (("--api-key", KEY), "add --http"),
    ],
)
def test_what_would_be_open_to_all_is_refused(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    ran = folio("mcp", tmp_path, *arguments, cwd=tmp_path)
    assert ran.code == 2
    assert says in ran.err
    assert KEY not in ran.err


def test_it_ends_at_once_when_it_is_stopped(documents: Path) -> None:
    process = subprocess.Popen(
        [*FOLIO, "mcp", str(documents)], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with leaving_nothing(process):
        assert process.stdin
        assert process.stdout
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        assert process.returncode == 130
