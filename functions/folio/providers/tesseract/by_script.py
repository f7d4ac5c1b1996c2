"""A page whose languages nobody said: read in those that are installed of its script."""

from collections.abc import Callable, Iterable

import msgspec

from folio.errors import UnreadableScript
from folio.models import PageText
from folio.providers.scripts import CHINESE, JAPANESE, LATIN, Script, installed_scripts, latin_languages, likely_scripts
from folio.text.confidence import confidence_of

# Of a page in the script of the data it is read by Tesseract is as sure as this; of another it is less so.
_SURE = 0.75
_POSSIBLE = 0.6  # below it a reading is nothing that anybody could use
_MAX_GARBAGE, _MIN_GARBAGE = 0.45, 20  # its confidence, and its characters
_MAX_LATIN = 3  # languages: each more takes its time, and few documents are in more


def read_by_script(
    among: Iterable[str],
    installed: tuple[str, ...],
    find_script: Callable[[], Script | None],
    read_in: Callable[[tuple[str, ...]], PageText],
) -> PageText:
    """Read a page in the installed languages of its script; among some languages only, if any are given.

    Latin letters are tried first, if they may be. Raises UnreadableScript if the page is in a script of which no
    language is installed.
    """
    is_other = bool(tuple(among))
    scripts = installed_scripts(installed, ppocr_reads=not is_other)
    first = _latin(installed, read_in) if not is_other else None
    if first and confidence_of(first) >= _SURE:
        return first
    script = find_script()
    if is_other and script and script.code in (CHINESE, JAPANESE):
        script = None
    likely = [one for one in scripts if script and one.code == script.code]
    best = _best(first, likely, read_in)
    if confidence_of(best) < _SURE and (likely or is_other or not script):  # of few characters the script is a guess
        best = _best(best, [one for one in scripts if one not in likely], read_in)
    if confidence_of(best) < _POSSIBLE and (is_other or (script and not likely and _is_garbage(best))):
        raise UnreadableScript(_message(script, installed))
    return best


def _is_garbage(read: PageText) -> bool:
    """Return whether characters of another script were read as Latin letters; a bad photograph is none."""
    return len(read.text) >= _MIN_GARBAGE and confidence_of(read) < _MAX_GARBAGE


def _best(
    known: PageText | None, scripts: Iterable[Script], read_in: Callable[[tuple[str, ...]], PageText]
) -> PageText:
    """Return the surest of a known reading and those in some scripts; one without text if there is none."""
    readings = [msgspec.structs.replace(read_in(one.languages), script=one.code) for one in scripts]
    return max((known or PageText("", ()), *readings), key=confidence_of)


def _latin(installed: tuple[str, ...], read_in: Callable[[tuple[str, ...]], PageText]) -> PageText | None:
    languages = latin_languages(installed)[:_MAX_LATIN]
    return msgspec.structs.replace(read_in(languages), script=LATIN) if languages else None


def _message(script: Script | None, installed: tuple[str, ...]) -> str:
    names = ", ".join(sorted(installed)) or "none"
    if script:
        likely = f"it seems to be {script.name} ({' or '.join(script.languages[:3])})"
    else:
        likely = f"it may be {likely_scripts()}"
    return f"Nobody here reads the script of this page; {likely}. Tesseract's installed languages: {names}."
