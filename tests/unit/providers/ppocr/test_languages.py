"""Which characters each language has."""

from folio.providers.ppocr.language.languages import LATIN_LANGUAGES, allowed_classes


def test_all_letters_of_azerbaijani_are_among_those_of_latin_letters() -> None:
    characters = ("", *"aəƏğıЖ中", "ɑ", " ")
    classes = allowed_classes(characters, LATIN_LANGUAGES)
    assert classes is not None
    assert "".join(characters[index] for index in classes.tolist()) == "aəƏğı "
