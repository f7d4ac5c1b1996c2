"""In which of the installed languages Tesseract reads a page whose languages nobody said."""

import pytest

from folio.errors import UnreadableScript
from folio.models import Line, PageText
from folio.providers.scripts import Script, not_read_by_ppocr, script_called
from folio.providers.tesseract.by_script import read_by_script
from folio.transform import box

LATIN = ("eng",)
KOREAN, CYRILLIC, HAN = script_called("Hangul"), script_called("Cyrillic"), script_called("Han")


class Engine:
    """Reads with a confidence for each set of languages; knows in which it was asked, and whether for the script."""

    def __init__(self, confidences: dict[tuple[str, ...], float], script: Script | None = None) -> None:
        self.confidences, self.script = confidences, script
        self.asked: list[tuple[str, ...]] = []
        self.looked = 0
        self.repeated = 9

    def read_in(self, languages: tuple[str, ...]) -> PageText:
        self.asked.append(languages)
        confidence = self.confidences[languages]
        return PageText("+".join(languages) * self.repeated, (Line("x", confidence, box(0, 0, 9, 9), ()),))

    def find(self) -> Script | None:
        self.looked += 1
        return self.script

    def read(self, *installed: str, among: tuple[str, ...] = ()) -> PageText:
        return read_by_script(among, installed, self.find, self.read_in)


def test_a_page_read_well_in_latin_letters_takes_no_other_look() -> None:
    engine = Engine({("eng", "deu"): 0.9})
    read = engine.read("chi_sim", "deu", "eng", "chi_sim_vert")
    assert (read.script, engine.asked, engine.looked) == ("Latn", [("eng", "deu")], 0)


def test_another_script_is_read_in_its_languages() -> None:
    engine = Engine({LATIN: 0.4, ("chi_sim",): 0.9, ("rus",): 0.3}, HAN)
    assert engine.read("chi_sim", "eng", "rus").script == "Hani"
    assert engine.asked == [LATIN, ("chi_sim",)]


def test_where_the_script_that_is_seen_reads_badly_the_others_are_tried() -> None:
    engine = Engine({("tha",): 0.55, ("heb",): 0.9}, script_called("Thai"))
    assert engine.read("eng", "heb", "tha", among=not_read_by_ppocr()).script == "Hebr"
    assert engine.asked == [("tha",), ("heb",)]


def test_where_nobody_tells_the_script_the_surest_reading_is_taken() -> None:
    engine = Engine({LATIN: 0.4, ("chi_sim",): 0.3, ("rus", "ukr"): 0.8})
    assert engine.read("chi_sim", "eng", "rus", "ukr").script == "Cyrl"


def test_a_bad_page_of_latin_letters_stays_one() -> None:
    assert Engine({LATIN: 0.3}).read("eng").script == "Latn"
    assert Engine({LATIN: 0.5}, KOREAN).read("eng").script == "Latn"
    little = Engine({LATIN: 0.2}, KOREAN)
    little.repeated = 2
    assert little.read("eng").script == "Latn"


@pytest.mark.parametrize("among", [(), not_read_by_ppocr()])
def test_a_script_without_data_is_said_with_its_languages(among: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableScript, match=r"Korean \(kor\).*installed languages: chi_sim, eng"):
        Engine({LATIN: 0.4}, KOREAN).read("chi_sim", "eng", among=among)


def test_what_pp_ocr_could_not_read_is_neither_latin_nor_chinese() -> None:
    with pytest.raises(UnreadableScript, match=r"Korean \(kor\), .*Cyrillic \(rus\)"):
        Engine({}, HAN).read("chi_sim", "eng", among=not_read_by_ppocr())
    engine = Engine({("rus",): 0.9}, CYRILLIC)
    assert engine.read("chi_sim", "eng", "rus", among=not_read_by_ppocr()).script == "Cyrl"


def test_a_reading_that_nobody_could_use_is_none() -> None:
    with pytest.raises(UnreadableScript):
        Engine({("rus",): 0.3}).read("eng", "rus", among=not_read_by_ppocr())
