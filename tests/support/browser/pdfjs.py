"""pdf.js on loopback, for pages in a headless Chromium: from a file, a browser loads no modules."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.browser.chromium import Tab, pdfjs, tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The text of each page as pdf.js' own search has it.
_TEXTS = """
async (data) => {
    const pdfjs = await import("/build/pdf.min.mjs");
    pdfjs.GlobalWorkerOptions.workerSrc = "/build/pdf.worker.min.mjs";
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const pdf = await pdfjs.getDocument({data: bytes, cMapUrl: "/cmaps/", wasmUrl: "/wasm/", iccUrl: "/iccs/",
                                         standardFontDataUrl: "/standard_fonts/"}).promise;
    const texts = [];
    for (let number = 1; number <= pdf.numPages; number++) {
        const {items} = await (await pdf.getPage(number)).getTextContent();
        texts.push(items.map(item => (item.str ?? "") + (item.hasEOL ? "\\n" : "")).join(""));
    }
    await pdf.loadingTask.destroy();
    return texts;
}
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has there)
        pass


@contextmanager
def served() -> Iterator[str]:
    """The address of pdf.js. Skips the test where it is not there; in CI that is a failure."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(pdfjs()))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def viewer(browser: "Browser", address: str) -> Iterator[Tab]:
    """An empty page beside pdf.js, with the styles of its viewer."""
    with tab(browser) as opened:
        opened.page.route(f"{address}/", lambda route: route.fulfill(content_type="text/html", body="<!DOCTYPE html>"))
        opened.page.goto(f"{address}/")
        opened.page.add_style_tag(url=f"{address}/web/pdf_viewer.css")
        yield opened
        assert opened.elsewhere == []


def texts(opened: Tab, pdf: Path) -> list[str]:
    """What pdf.js finds on each page of a PDF."""
    found: list[str] = opened.page.evaluate(_TEXTS, base64.b64encode(pdf.read_bytes()).decode())
    return found
