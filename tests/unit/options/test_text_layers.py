"""For which options a PDF's own text can be what is asked for."""

import pytest

from folio.config.options import AUTO, FREE, PAPER_MODES, Options, takes_text_layers
from folio.models import Mode
from folio.providers.registry import declarations


def test_who_costs_nothing_is_known_before_the_providers_are() -> None:
    assert {AUTO, *(name for name, declared in declarations().items() if not declared.paid)} == set(FREE)


@pytest.mark.parametrize(
    ("mode", "providers", "takes"),
    [
        ("general", ("baidu",), True),
        ("invoice", ("auto",), True),
        ("invoice", ("ppocr", "baidu"), True),
        ("invoice", ("baidu", "auto"), False),
        ("table", ("baidu",), False),
    ],
)
def test_fields_are_found_in_text_layers_unless_a_paid_provider_is_asked_first(
    mode: Mode, providers: tuple[str, ...], takes: bool
) -> None:
    assert takes_text_layers(Options(mode=mode, providers=providers)) == takes


@pytest.mark.parametrize("name", ["tesseract", "ppocr"])
def test_whoever_reads_words_has_all_modes_of_papers(name: str) -> None:
    assert set(declarations()[name].modes) == {"general", *PAPER_MODES}
