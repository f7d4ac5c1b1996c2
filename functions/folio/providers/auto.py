"""Who `auto` stands for: PP-OCR, and Tesseract where PP-OCR does not read or is not there."""

from collections.abc import Iterator
from functools import cache

from folio.config.environment import memory_mb
from folio.config.options import AUTO, PAPER_MODES, Options
from folio.config.settings import Settings
from folio.errors import BadOption, FolioError, Misconfigured, ToolMissing, UnknownLanguage
from folio.models import Mode, SkippedProvider
from folio.providers.base import Status
from folio.providers.ppocr.engine import NEEDED_MB
from folio.providers.ppocr.language.languages import LANGUAGES
from folio.providers.ppocr.onnx.networks import find_models, release
from folio.providers.registry import declarations, get_provider
from folio.providers.tesseract.engine import Tesseract

NEURAL, CLASSICAL = "ppocr", "tesseract"


def resolved(options: Options) -> tuple[str, ...]:
    """Return the providers that are asked, in order, with those that `auto` stands for here in its place."""
    names = (name for one in options.providers for name in (_members(options) if one == AUTO else (one,)))
    return tuple(dict.fromkeys(names))


def skipped(options: Options) -> tuple[SkippedProvider, ...]:
    """Return why `auto` does not ask PP-OCR, if it does not."""
    if AUTO not in options.providers or NEURAL in options.providers or not (why := _unfit(options)):
        return ()
    return (SkippedProvider(NEURAL, type(why).__name__, why.message),)


def identities(options: Options) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what decides about a reading besides the options' words: who is asked, each with its model, and among
    which languages of Tesseract's a page's own is looked for, if it is."""
    names = resolved(options)
    engines = tuple(f"{name} {release()}" if name == NEURAL else name for name in names)
    return engines, _tesseract_languages() if AUTO in options.languages and CLASSICAL in names else ()


def statuses(settings: Settings) -> list[Status]:
    """Return whether each provider can be used here, `auto` first."""
    each = [get_provider(name, settings).status() for name in declarations()]
    members = [one for one in each if one.name in (NEURAL, CLASSICAL)]
    usable = [one.name for one in members if one.usable]
    detail = f"asks {', then '.join(sorted(usable))}" if usable else "neither PP-OCR nor Tesseract can be used"
    missing = () if usable else tuple(name for one in members for name in one.missing)
    return [Status(AUTO, usable=bool(usable), detail=detail, missing=missing), *each]


def modes(name: str) -> tuple[Mode, ...]:
    """Return the modes of a provider, or of `auto`."""
    return ("general", *PAPER_MODES) if name == AUTO else declarations()[name].modes


def _members(options: Options) -> Iterator[str]:
    """Tesseract is no help to PP-OCR without data of the languages that are asked for."""
    if not _unfit(options):
        yield NEURAL
        if not {AUTO, *_tesseract_languages()}.issuperset(options.languages):
            return
    yield CLASSICAL


def _unfit(options: Options) -> FolioError | None:
    """Return why PP-OCR cannot read a document with these options here."""
    if options.psm:
        return BadOption("psm is an option of Tesseract.")
    if missing := [name for name in options.languages if name not in (AUTO, *LANGUAGES)]:
        return UnknownLanguage(f"PP-OCR does not read {', '.join(missing)}.")
    return _missing()


@cache
def _missing() -> FolioError | None:
    try:
        find_models()
    except ToolMissing as error:
        return error
    if memory_mb() < NEEDED_MB:
        return Misconfigured(f"PP-OCR needs {NEEDED_MB} MB of memory; there are {memory_mb()}.")
    return None


@cache
def _tesseract_languages() -> tuple[str, ...]:
    try:
        return Tesseract().languages
    except FolioError:
        return ()
