"""`pdf` of a document whose pages lie in several files."""

from folio.models import Page

_WHY = "A document of several files has no searchable PDF; attachment=NAME reads one of them, and gives its PDF."


class NoPdf:
    def __init__(self) -> None:
        self.warnings = [_WHY]

    def add(self, page: Page) -> None:
        pass

    def finish(self) -> None:
        return None
