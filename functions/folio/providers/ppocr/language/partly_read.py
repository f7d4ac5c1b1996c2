"""Languages in Latin letters of which PP-OCR reads some letters as others, or not at all.

Its networks were hardly trained on them. Such a page looks clear: what is said of it is said surely. So the language is
told by words that most of its pages have, and others have not, as they are read: without accents, and without letters
that are never said.
"""

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct


class PartlyRead(Struct, frozen=True):
    """One language; `words` without accents.

    Of one that is `traceless` the letters that are not known are read as others without accents.
    """

    code: str  # Tesseract's name, or ISO 639's where it has no data
    name: str
    words: frozenset[str]
    is_traceless: bool = False


def _language(code: str, name: str, words: str, *, is_traceless: bool = False) -> PartlyRead:
    return PartlyRead(code, name, frozenset(words.split()), is_traceless)


_LANGUAGES = (
    _language(
        "vie",
        "Vietnamese",
        "duoc duc khong cua cac nguoi ngui trong nhung nhng quyen quyn phai nhu mt cung viec vic vao thong hoac theo "
        "tien thanh hoc cong dong ngay thang tng cho voi vi",
    ),
    _language(
        "tur",
        "Turkish",
        "veya icin ile olarak degil gibi kadar ancak herkes vardir tarafindan dosya sadece uzere gore cok bir hakki "
        "herhangi sonra tarihi toplam tutari fatura turkiye yil olmak kendi hicbir butun sekilde ayni "
        "gerekli",
    ),
    _language(
        "lit",
        "Lithuanian",
        "yra arba kaip bei buvo jei nuo apie turi gali taip pagal metu kuris kurie kiekvienas kad lietuvos saskaita "
        "suma iki zmogaus negali pat",
    ),
    _language(
        "lav",
        "Latvian",
        "vai tiek tikai gada pec lidz pret ikvienam nevar latvijas tiesibas ari kuras starp visiem katram tiks jabut "
        "kas uz rekins summa ir vina",
    ),
    _language(
        "slk",
        "Slovak",
        "alebo medzi vsetky vsetkych podla ked subor suboru nazov svojej tejto tiez pretoze moznost bol bola bolo len "
        "ako iba nesmie spolu ktorom sucasne ktore ktory ktorych pre nastavenie pouzit zadajte",
    ),
    _language(
        "isl",
        "Icelandic",
        "ekki fyrir hefur eru vera peim pess pvi petta beim bess bvi betta pad bad eda vid verdur einnig hverjum sem "
        "getur eigi reikningur samtals",
    ),
    _language(
        "epo",
        "Esperanto",
        "kaj estas estis kiuj kiu kiel povas havas tiuj ajn sed devas estu ciu iu rajtas tiu kiam homoj unu pri ankau "
        "anka lau",
    ),
    _language(
        "yor",
        "Yoruba",
        "awon awn eniyan ati lati gbogbo ninu ohun eyi won wn orile oril gbodo gbd labe lab tabi fun naa nipa",
    ),
    _language("ibo", "Igbo", "nke onye nwere mmadu mmad ihe nile obodo ohere bula bla ndi ozo iwu otu ike iji ya maka"),
    _language(
        "hau",
        "Hausa",
        "kuma cikin kowane mutum wannan domin cewa wani yana duniya wanda dukkan saboda kamata hakkin kowa tare ko "
        "wata idan",
        is_traceless=True,
    ),
    _language("ewe", "Ewe", "kple ame eye siwo amesiame efe bubu tso dzi hena duko gbo aleke", is_traceless=True),
    _language(
        "aka",
        "Akan",
        "biara anaa onipa kwan obiara mmara nnipa nyinaa nso adwuma ne sede firi",
        is_traceless=True,
    ),
)
# Of a page: typical words and different ones; their share of the words of all lines that have any; and the share of
# such lines of a page most of which is in the language, a third of whose lines may have none.
_MIN_WORDS, _MIN_DIFFERENT, _MIN_LINE_SHARE, _MOST_SHARE = 5, 4, 0.12, 0.3
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = str.maketrans("đıøłþðəßæœ", "diolpdasao")


class Likeness(Struct, frozen=True):
    """How much of a page is in a language: `is_most` of it, or some lines."""

    language: PartlyRead
    is_most: bool


def find_partly_read(lines: Iterable[str]) -> Likeness | None:
    """Return in which of these languages a page's lines are, None if in none."""
    every = [_words(line) for line in lines]
    total = sum(map(len, every))
    likeness: Likeness | None = None
    best = 0
    for language in _LANGUAGES:
        count, different, beside = _count(every, language.words)
        if len(different) < _MIN_DIFFERENT or count < max(_MIN_WORDS, _MIN_LINE_SHARE * beside) or count <= best:
            continue
        likeness, best = Likeness(language, beside >= _MOST_SHARE * total), count
    return likeness


def _count(lines: Iterable[list[str]], typical: frozenset[str]) -> tuple[int, set[str], int]:
    """Return how many words are typical ones, which, and how many words stand in their lines."""
    count = beside = 0
    different: set[str] = set()
    for words in lines:
        if here := [word for word in words if word in typical]:
            count, beside = count + len(here), beside + len(words)
            different.update(here)
    return count, different, beside


def _words(line: str) -> list[str]:
    """Return the words of a line, of two letters and more, as they are without accents."""
    folded = line.casefold()
    if not folded.isascii():
        folded = "".join(one for one in unicodedata.normalize("NFD", folded) if not unicodedata.combining(one))
        folded = folded.translate(_PLAIN)
    return [word for word in _WORD.findall(folded) if len(word) > 1]
