"""How many pages PP-OCR reads at once: each in a child process of its own (`folio.documents.children`)."""

import threading
from collections.abc import Callable
from pathlib import Path

from folio.deadline import Deadline
from folio.documents import children
from folio.documents.child import give_back_when_idle
from folio.errors import DeadlineExceeded, EngineTimeout
from folio.models import Ink, PageText, SealText

_POLL_SECONDS = 0.2  # between two looks at the deadline
_STEP = "PP-OCR"


class EngineProcesses:
    """At most `count` of them at once; for several threads."""

    def __init__(self, count: int) -> None:
        self._turns = threading.BoundedSemaphore(count)

    def read(self, path: Path, languages: tuple[str, ...], deadline: Deadline) -> PageText:
        """Read one page image. Raises EngineTimeout when the deadline passes, EngineFailed, ToolMissing, TooLarge."""
        return self._call(deadline, read_in_child, path, languages)

    def read_seal(self, ink: Ink, deadline: Deadline) -> SealText:
        """Read the ink of a seal or a watermark. Raises as `read` does."""
        return self._call(deadline, read_seal_in_child, ink)

    def _call[*A, R](self, deadline: Deadline, function: Callable[[*A], R], *arguments: *A) -> R:
        try:
            while not self._turns.acquire(timeout=deadline.timeout(_POLL_SECONDS)):
                pass
        except DeadlineExceeded as error:
            raise EngineTimeout(f"{_STEP} took longer than the page timeout.") from error
        try:
            return children.call(_STEP, deadline, function, *arguments)
        finally:
            self._turns.release()

    def close(self) -> None:
        """End those that wait for a page."""
        children.close()


def read_in_child(path: Path, languages: tuple[str, ...]) -> PageText:
    """Read a page in this process, which alone loads what that needs."""
    from folio.providers.ppocr.onnx.networks import release_memory
    from folio.providers.ppocr.page.reader import read_page

    give_back_when_idle(release_memory)
    return read_page(path, languages)


def read_seal_in_child(ink: Ink) -> SealText:
    """Read a seal or a watermark in this process."""
    from folio.providers.ppocr.marks.seals import read_ink
    from folio.providers.ppocr.marks.watermarks import read_watermark
    from folio.providers.ppocr.onnx.networks import release_memory

    give_back_when_idle(release_memory)
    return read_watermark(ink.path) if ink.is_repeated else read_ink(ink.path)
