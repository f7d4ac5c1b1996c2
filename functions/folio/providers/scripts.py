"""Scripts: ISO 15924's codes, what they are called, and which of Tesseract's languages are written in them."""

from collections.abc import Iterable

from msgspec import Struct


class Script(Struct, frozen=True):
    """One script; `languages` by how many people write them."""

    code: str
    name: str
    languages: tuple[str, ...]


LATIN, CHINESE, JAPANESE = "Latn", "Hani", "Jpan"

# Those that PP-OCR does not read.
_OTHERS = (
    Script("Kore", "Korean", ("kor",)),
    Script("Arab", "Arabic", ("ara", "fas", "urd", "pus", "uig", "snd")),
    Script("Cyrl", "Cyrillic", ("rus", "ukr", "bel", "bul", "srp", "kaz", "kir", "tgk", "mkd", "mon")),
    Script("Thai", "Thai", ("tha",)),
    Script("Deva", "Devanagari", ("hin", "mar", "nep", "san")),
    Script("Hebr", "Hebrew", ("heb", "yid")),
    Script("Grek", "Greek", ("ell", "grc")),
    Script("Beng", "Bengali", ("ben", "asm")),
    Script("Taml", "Tamil", ("tam",)),
    Script("Telu", "Telugu", ("tel",)),
    Script("Gujr", "Gujarati", ("guj",)),
    Script("Guru", "Gurmukhi", ("pan",)),
    Script("Knda", "Kannada", ("kan",)),
    Script("Mlym", "Malayalam", ("mal",)),
    Script("Orya", "Oriya", ("ori",)),
    Script("Sinh", "Sinhala", ("sin",)),
    Script("Khmr", "Khmer", ("khm",)),
    Script("Laoo", "Lao", ("lao",)),
    Script("Mymr", "Myanmar", ("mya",)),
    Script("Ethi", "Ethiopic", ("amh", "tir")),
    Script("Geor", "Georgian", ("kat",)),
    Script("Armn", "Armenian", ("hye",)),
)
_NOT_LATIN = {name for script in _OTHERS for name in script.languages} | {"chi_sim", "chi_tra", "jpn"}
_EAST_ASIAN = (
    Script(CHINESE, "Han", ("chi_sim", "chi_tra")),
    Script(JAPANESE, "Japanese", ("jpn",)),
)
_NAMES = {"Hiragana": JAPANESE, "Katakana": JAPANESE, "Hangul": "Kore"}  # Tesseract's, besides those above
_MOST_LIKELY = _OTHERS[:7]


def likely_scripts() -> str:
    """Return the most widespread scripts that PP-OCR does not read, for a sentence."""
    *others, last = (f"{one.name} ({one.languages[0]})" for one in _MOST_LIKELY)
    return f"{', '.join(others)} or {last}"


def likely_letters() -> str:
    """Return languages in Latin letters of which PP-OCR never says some, for a sentence."""
    return "Vietnamese (vie), Yoruba (yor), Igbo (ibo) or a transliteration"


def not_read_by_ppocr() -> tuple[str, ...]:
    """Return the languages of the scripts that PP-OCR does not read."""
    return tuple(name for script in _OTHERS for name in script.languages)


def script_called(name: str) -> Script | None:
    """Return the script of Tesseract's name, None for Latin letters and those that are not known."""
    code = _NAMES.get(name)
    return next((one for one in (*_EAST_ASIAN, *_OTHERS) if one.name == name or one.code == code), None)


def installed_scripts(installed: Iterable[str], *, ppocr_reads: bool) -> list[Script]:
    """Return the scripts besides Latin letters of which some language is installed, each with these languages only.

    `ppocr_reads`: with those too that PP-OCR reads.
    """
    available = set(installed)
    scripts = ((*_EAST_ASIAN, *_OTHERS)) if ppocr_reads else _OTHERS
    having = ((one, tuple(name for name in one.languages if name in available)) for one in scripts)
    return [Script(one.code, one.name, languages) for one, languages in having if languages]


def latin_languages(installed: Iterable[str]) -> tuple[str, ...]:
    """Return the installed languages in Latin letters, English first."""
    latin = (name for name in installed if name not in _NOT_LATIN and not name.endswith("_vert") and "/" not in name)
    return tuple(sorted(latin, key=lambda name: (name != "eng", name)))
