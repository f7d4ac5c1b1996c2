"""`folio` with the paid providers, as a person runs it, against our test servers."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from folio import errors
from folio.models import Field
from folio.providers.base import ALL_MODES
from folio.providers.registry import declarations
from tests.support.clouds import CLOUDS, KEYS, Servers
from tests.support.documents import cards
from tests.support.documents.drawings import draw
from tests.support.processes.desk import TEXT, called, error, picture, read, result, run
from tests.support.processes.running import folio
from tests.support.tools import needs_tools

pytestmark = needs_tools


def photograph(path: Path, specimen: cards.Specimen) -> dict[str, str]:
    specimen[0].save(path, quality=95)
    return specimen[1]


def blank_and_written(path: Path) -> None:
    written = draw(TEXT, size=(700, 140), at=(40, 40), gap=0.45).image
    blank = Image.new("L", (700, 140), 255)
    written.save(path, "TIFF", save_all=True, append_images=[blank, written])


# --- Cards and invoices ---

# What only some of the services give, or what is not printed on the specimen.
OF_SOME = {"invoice_type", "holder_name"}
PAPERS: dict[str, dict[str, Callable[[], cards.Specimen]]] = {
    "id_card": {"front.jpg": cards.id_card, "back.jpg": partial(cards.id_card, "back")},
    "bank_card": {"bank.jpg": cards.bank_card},
    "invoice": {"invoice.jpg": cards.vat_invoice},
}
# The drawn values that are told in another form than the printed one.
FORMS = {
    "birth_date": "1990-07-15",
    "valid_from": "2018-03-09",
    "valid_until": "2038-03-09",
    "card_number": "6200123456789012347",
    "card_type": "debit",
    "valid_date": "2029-08",
    "invoice_date": "2024-06-10",
    "check_code": "51840273966152048137",
}


@pytest.mark.slow("a run of folio for each of three providers")
@pytest.mark.parametrize("mode", PAPERS)
def test_the_same_fields_come_from_every_provider(mode: str, servers: Servers, tmp_path: Path) -> None:
    papers = PAPERS[mode]
    drawn = {name: photograph(tmp_path / name, draw_paper()) for name, draw_paper in papers.items()}
    told: dict[str, dict[str, tuple[Field, ...]]] = {}
    for provider in CLOUDS:
        ran = read(servers, tmp_path, *papers, "--provider", provider, "--mode", mode, "-o", provider)
        assert ran.code == 0, ran.err
        told[provider] = {name: result(tmp_path / provider / name).fields for name in papers}
    for name, values in drawn.items():
        expected = {field: FORMS.get(field, value) for field, value in values.items()}
        for provider in CLOUDS:
            fields = {field.name: field.value for field in told[provider][name]}
            assert {field: value for field, value in fields.items() if field not in OF_SOME} == expected, provider
            assert all(field.provider_name for field in told[provider][name])
    assert called(servers) == dict.fromkeys(CLOUDS, len(papers))


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_a_card_read_by_name_prints_its_values_and_leaves_its_fields(
    servers: Servers, tmp_path: Path, schema_result: Draft202012Validator
) -> None:
    values = photograph(tmp_path / "card.jpg", cards.id_card())
    for provider in CLOUDS:
        ran = read(
            servers,
            tmp_path,
            "card.jpg",
            "--provider",
            provider,
            "--mode",
            "id_card",
            "--id-card-side",
            "front",
            "--text",
        )
        assert ran.code == 0
        assert ran.out.split("\n")[:3] == [values["name"], values["sex"], values["ethnicity"]]
        left = json.loads((tmp_path / "card.jpg.ocr.json").read_text("utf-8"))
        schema_result.validate(left)
        assert left["engine"]["provider"] == left["pages"][0]["provider"] == provider
        assert left["engine"]["mode"] == "id_card"
        assert [field["name"] for field in left["fields"]] == list(values)


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_the_other_side_of_a_card_is_told(servers: Servers, tmp_path: Path) -> None:
    """Whoever asks for the front gets an error, or what is on the back and a word about it."""
    photograph(tmp_path / "back.jpg", cards.id_card("back"))
    side = ("--mode", "id_card", "--id-card-side", "front")
    for provider in ("tencent", "aliyun"):
        ran = read(servers, tmp_path, "back.jpg", "--provider", provider, *side)
        assert ran.code == errors.DocumentTypeMismatch.exit_code
        assert error(tmp_path / "back.jpg").error.type == "DocumentTypeMismatch"
    assert read(servers, tmp_path, "back.jpg", "--provider", "baidu", *side).code == 0
    assert any("reversed_side" in warning for warning in result(tmp_path / "back.jpg").warnings)


# --- Folders, cost, refusals ---


@pytest.mark.parametrize("provider", CLOUDS)
def test_a_folder_of_images_is_read(
    provider: str, servers: Servers, tmp_path: Path, schema_result: Draft202012Validator
) -> None:
    texts = {"a.png": "harbour lights", "b.jpg": "lantern and meadow", "deep/c.bmp": "the third of three"}
    for name, text in texts.items():
        picture(tmp_path / "images" / name, text)
    ran = read(servers, tmp_path, "images/", "--provider", provider)
    assert (ran.code, ran.summary) == (0, "3 files: 3 complete; 3 pages read.")
    price = declarations()[provider].price("general")
    for name, text in texts.items():
        read_ = result(tmp_path / "images" / name)
        assert read_.text == text
        assert (read_.cost.calls, read_.cost.estimate, read_.cost.currency) == (1, price, "CNY")
        left = (tmp_path / "images" / f"{name}.ocr.json").read_text("utf-8")
        schema_result.validate(json.loads(left))
    assert called(servers) == {provider: 3}
    assert read(servers, tmp_path, "images/", "--provider", provider).summary.startswith("3 files: 3 already-read")
    assert called(servers) == {provider: 3}, "what was read is not paid for twice"


def test_blank_pages_cost_nothing(servers: Servers, tmp_path: Path) -> None:
    blank_and_written(tmp_path / "three.tiff")
    assert read(servers, tmp_path, "three.tiff", "--provider", "baidu", "--max-calls", "3").code == 0
    pages = result(tmp_path / "three.tiff").pages
    assert [page.origin for page in pages] == ["ocr", "blank", "ocr"]
    assert [page.provider for page in pages] == ["baidu", None, "baidu"]
    assert result(tmp_path / "three.tiff").cost.calls == len(servers["baidu"].calls) == 2


@pytest.mark.parametrize("most", ["0", "2"])
def test_too_many_calls_are_refused_before_the_first(most: str, servers: Servers, tmp_path: Path) -> None:
    blank_and_written(tmp_path / "three.tiff")
    ran = read(servers, tmp_path, "three.tiff", "--provider", "baidu", "--max-calls", most)
    assert ran.code == errors.CallBudgetExceeded.exit_code
    assert error(tmp_path / "three.tiff").error.type == "CallBudgetExceeded"
    assert called(servers) == {}


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_a_mode_that_tesseract_lacks_is_refused_with_those_who_have_it(servers: Servers, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    for mode in set(ALL_MODES) - set(declarations()["tesseract"].modes):
        ran = read(servers, tmp_path, "a.png", "--mode", mode)
        assert ran.code == 2
        assert "baidu, tencent, aliyun" in ran.err
    assert not (tmp_path / "a.png.ocr.error.json").exists()
    assert called(servers) == {}


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_switches_reach_the_service_by_its_own_names(servers: Servers, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    accurate = ("a.png", "--mode", "accurate", "-O", "detect_direction=true", "-o")
    assert read(servers, tmp_path, *accurate, "one", "--provider", "baidu").code == 0
    assert servers["baidu"].calls[0].params["detect_direction"] == "true"
    assert read(servers, tmp_path, *accurate, "two", "--provider", "aliyun", "-O", "row=true").code == 0
    params = servers["aliyun"].calls[0].params
    assert (params["NeedRotate"], params["Row"]) == ("true", "true")
    ran = read(servers, tmp_path, *accurate, "three", "--provider", "tencent")
    assert ran.code == 2
    assert "baidu in general, accurate" in ran.err
    ran = read(servers, tmp_path, "a.png", "--provider", "baidu", "-O", "detect_direction=perhaps")
    assert ran.code == 2
    assert "true, false" in ran.err
    assert set(called(servers)) == {"baidu", "aliyun"}


# --- What there is, and what is missing ---


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_providers_tells_what_is_missing_and_no_value(servers: Servers, tmp_path: Path) -> None:
    nothing = dict.fromkeys((name for keys in KEYS.values() for name in keys), "")
    ran = folio("providers", cwd=tmp_path, timeout=60, **nothing)
    for provider, keys in KEYS.items():
        (line,) = (line for line in ran.out.splitlines() if f" {provider}:" in line)
        assert line.startswith("not usable")
        assert all(name in line for name in keys)
    half = {name: value for keys in KEYS.values() for name, value in list(keys.items())[:1]}
    ran = folio("providers", cwd=tmp_path, timeout=60, **(nothing | half))
    for provider, keys in KEYS.items():
        there, missing = keys
        (line,) = (line for line in ran.out.splitlines() if f" {provider}:" in line)
        assert missing in line
        assert f"missing: {missing})" in line, "and nothing that is there"
        assert there not in line
        assert half[there] not in ran.out + ran.err
    ran = run(servers, tmp_path, "providers")
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["usable", f"{provider}:"] for provider in ("auto", "tesseract", "ppocr", *CLOUDS)
    ]
    assert [value for keys in KEYS.values() for value in keys.values() if value in ran.out + ran.err] == []
    assert called(servers) == {}, "to look costs nothing"


def test_without_keys_a_paid_provider_is_refused_by_name(servers: Servers, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    without = dict.fromkeys(KEYS["tencent"], "")
    ran = run(servers, tmp_path, "read", "a.png", "--provider", "tencent", **without)
    assert ran.code == errors.CredentialsMissing.exit_code
    assert all(name in ran.err for name in without)
    assert len(ran.err.splitlines()) == 1
