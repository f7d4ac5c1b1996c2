# ruff: noqa: E501 (rows of tables in Markdown)
"""What Folio can take in AWS and what that costs, from what reading a page takes here: writes docs/scaling.md.

Run: .venv/bin/python -m tests.benchmarks.scaling

Measured are processor seconds and memory of the real `folio read`, one page at a time, on pages of our own: scans at
300 dpi in need of OCR, and pages with a text layer; and the calls of the store for one document. Everything else is
arithmetic on AWS's list prices and quotas (prices.json, with their date).
"""

import ctypes
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any

from msgspec import Struct

from folio.config.environment import MB_PER_CORE
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.reading.pipeline import Request, Services, read_upload
from folio.stores.folder import FolderStore
from tests.fakes.engines import FixedText
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "scaling.md"
PRICES: dict[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text("utf-8"))
DAY = 86_400
A4 = (595.0, 842.0)
_PR_SET_CHILD_SUBREAPER = 36
FEW, MANY, MANY_LAYERS = 2, 8, 80  # pages of two runs, whose difference is free of what every run costs
WORDS = [
    "The",
    "ferry",
    "leaves",
    "at",
    "nine",
    "and",
    "is",
    "back",
    "by",
    "noon",
    "with",
    "flour",
    "rye",
    "oats",
    "and",
    "barley",
]
LOG_BYTES = 2_000  # of one document: its lines, Lambda's own, and the metrics
LONG = (100, 1000, 5000)  # pages of documents for the workflow
# Its own: to start, Split, Chunks, Merge; and of each chunk: to start its execution, Recognize. AWS charges each step
# that is executed (Step Functions' pricing page, "Standard Workflows"); starts are counted here to be on the safe side.
TRANSITIONS, TRANSITIONS_OF_CHUNK = 4, 2
SQS_REQUESTS = 4  # EventBridge sends, Lambda receives and deletes, and looks in vain now and then


class Measured(Struct, frozen=True):
    """Of one page: processor seconds and, for the whole run, the most memory of its processes together, in MB."""

    seconds: float
    megabytes: float


class Load(Struct, frozen=True):
    """So many pages that come at once, or in a day."""

    title: str
    pages: int
    a_day: bool = False


LOADS = (
    Load("1 page", 1), Load("100 pages", 100), Load("10,000 pages", 10_000), Load("a million a day", 1_000_000, True),
)  # fmt: skip


def wall(load: Load, seconds: float, workers: int) -> float:
    """Seconds until the last page is read, by functions that read one page at a time."""
    return ceil(load.pages / workers) * seconds


def workers_needed(load: Load, seconds: float) -> int:
    """Functions that must run at the same time to keep up, if the pages come evenly."""
    return ceil(load.pages * seconds / DAY)


def dollars_a_page(seconds: float, calls: Counter[str], architecture: str, pages_a_document: int) -> float:
    """List price of one page of documents of so many pages."""
    compute = seconds * MB_PER_CORE / 1024 * PRICES["lambda_gb_second"][architecture]
    puts = calls["write"] + calls["list"] + 1  # and the upload itself
    gets = calls["head"] + calls["fetch"] + calls["read"] + calls["etag"]
    document = (
        puts * PRICES["s3_put"]
        + gets * PRICES["s3_get"]
        + PRICES["lambda_request"]
        + SQS_REQUESTS * PRICES["sqs_request"]
        + 2 * PRICES["event"]
        + LOG_BYTES / 1e9 * PRICES["log_gb"]
    )
    return float(compute + document / pages_a_document)


def transitions(pages: int) -> int:
    """Of the workflow for a document with so many pages, when nothing is tried again."""
    return TRANSITIONS + TRANSITIONS_OF_CHUNK * ceil(pages / Settings().split_chunk)


def long_row(pages: int, page: Measured, a_page: float) -> str:
    """`a_page`: the price of a page in a document of so many, without the workflow's own."""
    settings, steps = Settings(), transitions(pages)
    rounds = ceil(ceil(pages / settings.split_chunk) / settings.split_concurrency)
    time = shown(rounds * settings.split_chunk * page.seconds)
    functions = 2 + ceil(pages / settings.split_chunk)
    own = steps * PRICES["step_functions_transition"] + functions * PRICES["lambda_request"]
    return f"| {pages:,} pages | {time} | {steps:,} | ${own:,.4f} | ${pages * a_page + own:,.4f} |"


def scan(pages: int) -> bytes:
    """A4 at 300 dpi, some three hundred words a page, and no text layer."""
    lines = [" ".join(WORDS[(line + word) % len(WORDS)] for word in range(9)) for line in range(34)]
    picture = words(*lines, size=(2480, 3508), height=44, at=(180, 200))
    return make_pdf(*[PdfPage(size=A4, picture=picture) for _ in range(pages)])


def cost(document: Path, *options: str) -> tuple[float, float]:
    """Processor seconds and MB of reading a document, with all the processes that takes: PP-OCR's outlives `folio read`
    for a moment."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    command = [sys.executable, "-m", "folio", "read", str(document), "--force", "--jobs", "1", *options]
    pid = os.posix_spawn(command[0], command, os.environ | {"PYTHONPATH": str(ROOT / "functions")})
    seconds = megabytes = 0.0
    with suppress(ChildProcessError):
        while True:
            ended, status, used = os.wait4(-1, 0)
            if ended == pid and status:
                sys.exit(f"folio read ended with {status}.")
            seconds += used.ru_utime + used.ru_stime
            megabytes += used.ru_maxrss / 1024
    return seconds, megabytes


def measure(folder: Path, make: Callable[[int], bytes], *options: str, many: int = MANY) -> Measured:
    found = []
    for pages in (FEW, many):
        document = folder / f"{pages}.pdf"
        document.write_bytes(make(pages))
        found.append(cost(document, *options))
    (few, _), (most, megabytes) = found
    return Measured((most - few) / (many - FEW), megabytes)


class Counting:
    """A store that counts its calls by name."""

    def __init__(self, store: Any) -> None:
        self.calls: Counter[str] = Counter()
        self._store = store

    def __getattr__(self, name: str) -> Any:
        if name != "locate":  # which asks nobody
            self.calls[name] += 1
        return getattr(self._store, name)


def store_calls(folder: Path) -> Counter[str]:
    """Of one document that nobody has read before."""
    (folder / "one.pdf").write_bytes(scan(1))
    store = Counting(FolderStore(folder))
    with ThreadPoolExecutor(1) as pool:
        services = Services(store=store, settings=Settings(jobs=1), provider=lambda _: FixedText(), pool=pool)
        read_upload(Request(key="one.pdf"), services, Deadline())
    return store.calls


def shown(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def row(load: Load, page: Measured, a_page: float) -> str:
    quota = PRICES["quotas"]["lambda_concurrency"]
    if load.a_day:
        needed = workers_needed(load, page.seconds)
        time = f"{needed} functions all day" + ("" if needed <= quota else f" (the quota is {quota})")
        return f"| {load.title} | {time} | {time} | ${load.pages * a_page:,.2f} a day |"
    few, many = (shown(wall(load, page.seconds, workers)) for workers in (10, quota))
    return f"| {load.title} | {few} | {many} | ${load.pages * a_page:,.4f} |"


def report(ocr: Measured, classical: Measured, layer: Measured, calls: Counter[str]) -> str:
    a_page = {arch: dollars_a_page(ocr.seconds, calls, arch, 1) for arch in PRICES["lambda_gb_second"]}
    of_ten = dollars_a_page(ocr.seconds, calls, "arm64", 10)
    by_tesseract = dollars_a_page(classical.seconds, calls, "x86_64", 1)
    own = dollars_a_page(layer.seconds, calls, "arm64", 10)
    quota, textract = PRICES["quotas"]["lambda_concurrency"], PRICES["textract_page"]
    rows = "\n".join(row(load, ocr, a_page["x86_64"]) for load in LOADS)
    long = "\n".join(long_row(pages, ocr, dollars_a_page(ocr.seconds, calls, "x86_64", pages)) for pages in LONG)
    settings = Settings()
    return f"""# How much Folio can take, and what that costs

Written by `python -m tests.benchmarks.scaling`. Measured, one page at a time on one processor of the machine it ran on:

| page | processor seconds | peak memory |
| --- | --- | --- |
| a scan, A4 at 300 dpi, some 300 words, by PP-OCR | {ocr.seconds:.2f} | {ocr.megabytes:.0f} MB |
| the same by Tesseract | {classical.seconds:.2f} | {classical.megabytes:.0f} MB |
| a page with its own text layer | {layer.seconds:.2f} | {layer.megabytes:.0f} MB |

One document costs its store {calls.total()} calls ({", ".join(f"{n} {name}" for name, n in sorted(calls.items()))}).
Lambda gives a function one processor for {MB_PER_CORE} MB, which is the default; what a processor there does in a second
differs from this machine's, so measure your own: the dashboard's `Latency` by `Pages`.

## Time and money

Scanned documents of one page each, read by PP-OCR (the default), list prices of {PRICES["date"]} ({PRICES["region"]}, x86_64, free tiers left out).
They wait in the queue until a function is free; a function that starts afresh takes a second or two more.

| load | time with `MaxConcurrency` 10 | with {quota} | price |
| --- | --- | --- | --- |
{rows}

One scanned document with more than {settings.split_pages} pages goes to the workflow, in chunks of {settings.split_chunk} pages,
{settings.split_concurrency} of them at once (the defaults, x86_64; what is tried again costs again, and what splitting, merging and fetching the
document for each chunk take is not counted):

| one document | time | Step Functions' state transitions | price of the workflow | with the reading |
| --- | --- | --- | --- | --- |
{long}

| 1,000 pages | price |
| --- | --- |
| Folio with PP-OCR (the default), scans of one page, x86_64 | ${1000 * a_page["x86_64"]:.2f} |
| the same on arm64 | ${1000 * a_page["arm64"]:.2f} |
| the same with Tesseract, x86_64 | ${1000 * by_tesseract:.2f} |
| scans of ten pages, PP-OCR, arm64 | ${1000 * of_ten:.2f} |
| documents of ten pages with their own text, arm64 | ${1000 * own:.3f} |
| Amazon Textract, DetectDocumentText, up to a million a month | ${1000 * textract:.2f} |
| the same, beyond a million a month | ${1000 * PRICES["textract_page_over_a_million_a_month"]:.2f} |

Textract reads handwriting, which neither of Folio's own engines is made for; the prices of Baidu, Tencent and Alibaba are in
[providers.md](providers.md) and come on top of the function's time. Storage is not counted: it is the documents' own.

## Which limit binds first

| limit | default | binds at, with these figures | to raise it |
| --- | --- | --- | --- |
| `MaxConcurrency` of the stack | 5 | {5 / ocr.seconds * DAY:,.0f} scanned pages a day | `sam deploy`, up to 1000 |
| Lambda: concurrent executions of the account and region | {quota} (new accounts have fewer) | {quota / ocr.seconds * DAY:,.0f} pages a day | Service Quotas, AWS Lambda, "Concurrent executions" |
| a paid provider's calls a second | 2 to 10 | 172,800 to 864,000 pages a day | buy it from the provider, then `qps` in `Settings` and `MaxConcurrency` |
| Lambda's pollers of one SQS queue | {PRICES["quotas"]["sqs_poller_concurrency"]} functions | above the two before it | none; a second stack |
| Step Functions: one Distributed Map of a long document | {PRICES["quotas"]["map_concurrency"]} children at once | after Lambda's concurrency, which its functions share | none; more documents at once |
| Amazon S3: PUTs a second below one prefix | {PRICES["quotas"]["s3_puts_a_second_and_prefix"]:,} | {PRICES["quotas"]["s3_puts_a_second_and_prefix"] * DAY // calls["write"]:,} documents a day | spread keys over prefixes; S3 splits by itself |

So it is `MaxConcurrency` first, then Lambda's concurrency, and with a paid provider its rate before both. A million
scanned pages a day need {workers_needed(LOADS[-1], ocr.seconds)} functions at the same time if they come evenly, and the queue
holds what does not (four days of it).

Prices and quotas: {PRICES["source"]}
"""


def text_pages(pages: int) -> bytes:
    lines = [" ".join(WORDS[(line + word) % len(WORDS)] for word in range(9)) for line in range(20)]
    return make_pdf(*[PdfPage(content=text(*lines)) for _ in range(pages)])


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ocr, classical = (
            measure(folder, scan, "--ocr", "always", "--provider", name, "--languages", "eng")
            for name in ("ppocr", "tesseract")
        )
        layer = measure(folder, text_pages, many=MANY_LAYERS)
        calls = store_calls(folder)
    PAGE.write_text(report(ocr, classical, layer, calls), "utf-8")
    print(f"{ocr} {classical} {layer} {dict(calls)} -> {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
