"""Every odd, damaged, locked, huge or lying file ends in a valid result or in one sentence, and in bounds."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import Struct

from folio import errors, keys
from folio.cli.messages import desk_hint
from folio.documents.pdf import poppler
from folio.models import ErrorReport, Result, decode, json_schema
from tests.support.paths import SHARED
from tests.support.processes.running import FOLIO, MB, Ran, environment, measured
from tests.support.sizes import SOAK
from tests.support.tools import NO_DOCUMENTS

HOSTILE = SHARED / "hostile"
_ALL = sorted(file.name for file in HOSTILE.glob("*") if file.name != "index.jsonl") if HOSTILE.is_dir() else []
# Neighbors by name are of one collection, and often harmed in one way. The smallest are damaged, cut off or lie.
_SMALLEST = sorted(_ALL, key=lambda name: (HOSTILE / name).stat().st_size)[:12]
FILES = _ALL if SOAK else sorted({*_ALL[::20], *_SMALLEST})
OUTPUTS = "text,hocr,alto,markdown,csv,pdf"
PAGES = "1-2"  # the whole folder stays a matter of minutes
MOST_MEMORY = 1000 * MB
MOST_SECONDS = 200

# Everything `folio read` may say on standard error; anything else is a library talking.
LINES = re.compile(
    r"(failed|partial|superseded): (?P<key>.+?): [A-Z][^\n]*[.!] \[(?P<error>\w+)\] [A-Z][^\n]*\."
    r"|[^\n]+: \d+ pages?(, \d+% sure)?: [^\n]+\.json"
    r"|1 file: 1 [a-z-]+; \d+ pages? read\."
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.soak,
    pytest.mark.slow("a process of its own reads each file, with all outputs"),
    pytest.mark.timeout(7200),  # the first test waits for all the files; the machine may be shared
    pytest.mark.skipif(not FILES, reason=NO_DOCUMENTS),
]


class Reading(Struct, frozen=True):
    """What became of one file."""

    name: str
    ran: Ran
    seconds: float
    folder: Path
    result: bytes | None
    report: bytes | None

    @property
    def outcome(self) -> str:
        if self.result is not None:
            return decode(self.result, Result).status
        return decode(self.report, ErrorReport).error.type if self.report is not None else "nothing"


def read(name: str, folder: Path) -> Reading:
    folder.mkdir()
    command = [
        *FOLIO,
        "read",
        str(HOSTILE / name),
        "-o",
        str(folder),
        "--pages",
        PAGES,
        "--jobs",
        "1",
        "--outputs",
        OUTPUTS,
    ]
    started = time.monotonic()
    ran = measured(command, environment(), MOST_SECONDS)
    seconds = time.monotonic() - started
    result, report = folder / keys.result_key(name, PAGES), folder / keys.error_key(name)
    return Reading(
        name,
        ran,
        seconds,
        folder,
        result.read_bytes() if result.is_file() else None,
        report.read_bytes() if report.is_file() else None,
    )


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """All files, two at a time."""
    place = tmp_path_factory.mktemp("hostile")
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda item: read(item[1], place / str(item[0])), enumerate(FILES))
        return {reading.name: reading for reading in done}


@pytest.fixture(scope="module")
def schemas() -> dict[type, dict[str, Any]]:
    return {kind: json_schema(kind) for kind in (Result, ErrorReport)}


@pytest.mark.parametrize("name", FILES)
def test_file_ends_in_a_result_or_a_sentence(
    name: str, readings: dict[str, Reading], schemas: dict[type, dict[str, Any]]
) -> None:
    reading = readings[name]
    ran = reading.ran
    left = {file.name for file in reading.folder.iterdir()}
    expected = f"{name}.ocr" if reading.result is not None else keys.error_key(name)
    assert left == {expected}, f"one result or one error; {ran.err}"
    for line in ran.err.splitlines():
        assert LINES.fullmatch(line), f"not a line of ours: {line!r}"
    assert ran.rss < MOST_MEMORY
    if reading.result is not None:
        check_result(decode(reading.result, Result), reading, schemas[Result])
        check_outputs(decode(reading.result, Result), reading)
    else:
        assert reading.report is not None, left
        check_report(reading.report, ran, schemas[ErrorReport])


def check_result(result: Result, reading: Reading, schema: dict[str, Any]) -> None:
    assert reading.result is not None
    jsonschema.validate(decode(reading.result, dict[str, Any]), schema)
    assert 1 <= len(result.pages) <= 2
    failed = [page.error.type for page in result.pages if page.error]
    assert len(failed) == sum(page.status == "failed" for page in result.pages)
    assert result.status == ("partial" if failed else "complete")
    assert reading.ran.code == (getattr(errors, failed[0]).exit_code if failed else 0)
    for page in result.pages:
        if page.status == "ok":
            assert page.width > 0
            assert page.height > 0
        for word in (word for line in page.lines for word in line.words):
            assert all(0 <= x <= page.width and 0 <= y <= page.height for x, y in word.polygon), word


def check_outputs(result: Result, reading: Reading) -> None:
    """Every output there can be, and a PDF of as many pages as the source has."""
    there = {kind: reading.folder / key for kind, key in result.outputs.items()}
    assert all(file.is_file() for file in there.values())
    assert set(there) | {"pdf"} == set(OUTPUTS.split(","))
    if "pdf" in there:
        assert poppler.count_pages(there["pdf"], 60) == result.source.pages
    else:
        assert any(warning.startswith("No searchable PDF was made: ") for warning in result.warnings)


def check_report(report: bytes, ran: Ran, schema: dict[str, Any]) -> None:
    jsonschema.validate(decode(report, dict[str, Any]), schema)
    told = decode(report, ErrorReport)
    assert issubclass(getattr(errors, told.error.type), errors.Refused)
    assert ran.code == getattr(errors, told.error.type).exit_code
    assert told.error.message.endswith(".")
    hint = desk_hint(getattr(errors, told.error.type)(told.error.message))
    assert f"{told.error.message} [{told.error.type}] {hint}" in ran.err


def test_summary(readings: dict[str, Reading], tell: Callable[[str], None]) -> None:
    """Not only valid but plausible: most of the folder is readable."""
    outcomes = Counter(reading.outcome for reading in readings.values())
    slowest = sorted(readings.values(), key=lambda reading: -reading.seconds)[:8]
    biggest = sorted(readings.values(), key=lambda reading: -reading.ran.rss)[:5]
    tell("hostile: " + ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common()))
    tell("slowest: " + ", ".join(f"{reading.name} {reading.seconds:.1f} s" for reading in slowest))
    tell("biggest: " + ", ".join(f"{reading.name} {reading.ran.rss / MB:.0f} MB" for reading in biggest))
    whole = [reading.outcome for reading in readings.values() if SOAK or reading.name not in _SMALLEST]
    assert whole.count("complete") > len(whole) * 0.75
