"""What was read beside the text layers of one document, by its pixels: a letterhead is often the same on each page."""

import threading
from collections.abc import Callable

from folio.models import Page

_MAX_SHEETS = 64  # that are kept

type _Key = tuple[bytes, float | None, bool]


class ReadSheets:
    """Serves several threads; of those that ask for one sheet at the same time, one reads it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sheets: dict[_Key, _Sheet] = {}

    def get(self, key: _Key, read: Callable[[], Page]) -> Page:
        """Return what was read of a sheet, or read it. Raises what `read` does, and the next caller tries again."""
        with self._lock:
            sheet = self._sheets.get(key) or _Sheet()
            if len(self._sheets) < _MAX_SHEETS:
                self._sheets[key] = sheet
        with sheet.lock:
            sheet.page = sheet.page or read()
            return sheet.page


class _Sheet:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.page: Page | None = None
