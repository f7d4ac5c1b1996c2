"""A chain of providers at a desk: who reads a page, and what its result says of the others."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from folio import errors
from tests.support.clouds import KEYS, Servers
from tests.support.processes.desk import TEXT, called, error, picture, read, result, run
from tests.support.tools import needs_tools

pytestmark = needs_tools


def skipped_providers(path: Path) -> list[tuple[str, str]]:
    (page,) = result(path).pages
    return [(one.provider, one.type) for one in page.skipped_providers]


def test_the_page_says_who_read_it_and_who_could_not(
    servers: Servers, tmp_path: Path, schema_result: Draft202012Validator
) -> None:
    picture(tmp_path / "a.png")
    servers["baidu"].script("quota")
    ran = read(servers, tmp_path, "a.png", "--providers", "baidu,aliyun,tencent")
    assert ran.code == 0
    read_ = result(tmp_path / "a.png")
    assert (read_.text, read_.pages[0].provider) == (TEXT, "aliyun")
    assert skipped_providers(tmp_path / "a.png") == [("baidu", "QuotaExhausted")]
    assert (read_.engine.provider, read_.engine.fallbacks) == ("baidu", ("aliyun", "tencent"))
    assert (read_.cost.calls, read_.cost.estimate) == (2, 0.0825)
    assert called(servers) == {"baidu": 1, "aliyun": 1}
    schema_result.validate(json.loads((tmp_path / "a.png.ocr.json").read_text("utf-8")))


def test_a_chain_goes_past_whoever_has_no_keys(servers: Servers, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    without = dict.fromkeys(KEYS["tencent"], "")
    ran = run(servers, tmp_path, "read", "a.png", "--providers", "tencent,baidu", **without)
    assert ran.code == 0
    assert result(tmp_path / "a.png").pages[0].provider == "baidu"
    assert skipped_providers(tmp_path / "a.png") == [("tencent", "CredentialsMissing")]


def test_an_unsure_reading_is_asked_of_the_next_too(servers: Servers, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    assert read(servers, tmp_path, "a.png", "--providers", "baidu,aliyun", "--min-confidence", "1").code == 0
    page = result(tmp_path / "a.png").pages[0]
    assert called(servers) == {"baidu": 1, "aliyun": 1}
    assert [one.type for one in page.skipped_providers] == ["LowConfidence"]
    assert {page.provider, page.skipped_providers[0].provider} == {"baidu", "aliyun"}


def test_an_answer_is_final(servers: Servers, tmp_path: Path) -> None:
    """That it is no identity card is what was to be found out; nobody else is asked, and paid."""
    picture(tmp_path / "a.png")
    ran = read(servers, tmp_path, "a.png", "--providers", "baidu,tencent,aliyun", "--mode", "id_card")
    assert ran.code == errors.DocumentTypeMismatch.exit_code
    assert error(tmp_path / "a.png").error.type == "DocumentTypeMismatch"
    assert called(servers) == {"baidu": 1}
