"""The program `tesseract`: the only module that knows its flags, its files and its messages.

Each call is one process with one thread; the image is handed over as the file it is in: nothing is encoded again.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from folio.deadline import Deadline
from folio.documents.programs import Finished, run_program
from folio.errors import DeadlineExceeded, EngineFailed, EngineTimeout, ToolMissing

PROGRAM = "tesseract"
ORIENTATION = "osd"  # the data by which orientation and script are told
_DAY_SECONDS = 86_400.0
_ASK_SECONDS = 60.0  # for what it says of itself
_NAME = re.compile(r"^[a-z_]+$")  # of data; those for scripts lie in a folder of their own
_MAX_ANSWER_BYTES = 100_000_000


def version() -> str:
    """Raises ToolMissing, EngineFailed, EngineTimeout."""
    finished = _ask("--version")
    match = re.search(rb"tesseract v?(\d[\d.]*\d)", finished.output + finished.complaints)
    if match is None:
        raise EngineFailed("tesseract does not say its version.")
    return match[1].decode()


def installed_data() -> tuple[str, ...]:
    """Return the names of all installed data. Raises ToolMissing, EngineFailed, EngineTimeout."""
    finished = _ask("--list-langs")
    lines = (finished.output + finished.complaints).decode("utf-8", "replace").splitlines()
    return tuple(name for line in lines if _NAME.match(name := line.strip()))


def words(path: Path, languages: tuple[str, ...], psm: str, dpi: int, deadline: Deadline, *switches: str) -> str:
    """Return what stands on an image as Tesseract's TSV.

    Raises ToolMissing, EngineFailed, EngineTimeout, TooLarge.
    """
    options = ["-l", "+".join(languages), "-c", "tessedit_create_tsv=1", "--psm", psm, "--dpi", str(dpi), *switches]
    return _answer(path, options, "tsv", deadline)


def orientation(path: Path, dpi: int, deadline: Deadline) -> str:
    """Return what it says of an image's orientation and script. Raises as `words`; EngineFailed if there is no text."""
    return _answer(path, ["-l", ORIENTATION, "--psm", "0", "--dpi", str(dpi)], "osd", deadline)


def _answer(path: Path, options: list[str], ending: str, deadline: Deadline) -> str:
    with _translated(), tempfile.TemporaryDirectory(prefix="folio-tesseract-") as folder:
        target = Path(folder) / "page"
        command = [PROGRAM, str(path.resolve()), str(target), *options]
        finished = run_program(command, deadline.timeout(_DAY_SECONDS))
        if finished.status:
            raise EngineFailed(f"tesseract stopped with status {finished.status}.")
        answer = target.with_suffix(f".{ending}")
        if answer.stat().st_size > _MAX_ANSWER_BYTES:
            raise EngineFailed("tesseract left too much output.")
        return answer.read_text("utf-8", errors="replace")


def _ask(question: str) -> Finished:
    with _translated():
        return run_program([PROGRAM, question], _ASK_SECONDS)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DeadlineExceeded as error:  # the page's, before Tesseract was started; who reads the document knows its own
        raise EngineTimeout("tesseract took longer than the page timeout.") from error
    except EngineTimeout as error:
        raise EngineTimeout("tesseract took longer than the page timeout.") from error
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename == PROGRAM:
            raise ToolMissing("tesseract is not installed.") from error
        raise EngineFailed("tesseract could not be started or left no output.") from error
