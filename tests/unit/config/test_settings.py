import os
import sys
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.config.environment import secret_variables
from folio.config.options import Options, metadata_options
from folio.config.settings import Settings
from folio.errors import BadOption, Misconfigured
from folio.options.resolve import page_numbers, parse_options, refused_fingerprint, resolve_options
from folio.options.settings import load_settings, with_setting
from folio.options.table import Option, options, switches, values

MODES = values("mode")
PROVIDERS = values("providers")
RECIPES = values("recipe")


def fingerprint_of(settings: Settings, requested: Mapping[str, str]) -> str:
    """Return what a result or an error of a document would hold."""
    try:
        return resolve_options(settings, requested).fingerprint
    except BadOption:
        return refused_fingerprint(settings, requested)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("providers", "tesseract", ("tesseract",)),
        ("providers", "tencent, baidu,tesseract", ("tencent", "baidu", "tesseract")),
        ("providers", "baidu,baidu", ("baidu",)),
        ("min_confidence", "0", 0.0),
        ("min_confidence", "1", 1.0),
        ("min_confidence", "1.0", 1.0),
        ("min_confidence", ".85", 0.85),
        ("min_confidence", "0.8", 0.8),
        ("max_calls", "0", 0),
        ("max_calls", "999999", 999_999),
        ("id_card_side", "back", "back"),
        ("mode", "general", "general"),
        ("mode", "id_card", "id_card"),
        ("recipe", "classic", "classic"),
        ("languages", "eng", ("eng",)),
        ("languages", "eng+chi_sim", ("eng", "chi_sim")),
        ("languages", "eng, chi_sim", ("eng", "chi_sim")),
        ("languages", "eng+eng", ("eng",)),
        ("languages", "script/HanS", ("script/HanS",)),
        ("pages", "1", "1"),
        ("pages", "1-3, 7,9-", "1-3,7,9-"),
        ("dpi", "50", 50),
        ("dpi", "1200", 1200),
        ("psm", "1", "1"),
        ("psm", "13", "13"),
    ],
)
def test_a_good_option_is_taken(name: str, text: str, value: object) -> None:
    assert getattr(parse_options({name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "lists"),
    [
        *(("providers", text, ", ".join(PROVIDERS)) for text in ("clippy", "Tesserac", "baidu,", "baidu;tencent", "")),
        *(("min_confidence", text, "from 0 to 1") for text in ("2", "1.01", "-0.1", "80%", "0,8", "", "٠", ".", "nan")),
        *(("max_calls", text, "from 0 to 999999") for text in ("-1", "1000000", "1.5", "many", "", "１")),
        *(("id_card_side", text, "auto, front, back") for text in ("left", "Fronts", "")),
        ("mode", "palmistry", ", ".join(MODES)),
        ("recipe", "grandma's", ", ".join(RECIPES)),
        *(("languages", text, "eng+chi_sim") for text in ("+", "", "eng;chi", "../etc/passwd", "eng --psm 1", "中文")),
        *(
            ("dpi", text, "from 50 to 1200")
            for text in ("49", "1201", "-300", "300.0", "3e2", "", "９00", "٣٠٠", "²00")
        ),
        *(("psm", text, "13") for text in ("0", "2", "14", "-1", "x", "٣")),
        *(("pages", text, "1-3,7") for text in ("", "0", "3-1", "-3", "a", "1,,2", "1-2-3", "1–3", "١", "²", "1.5")),
    ],
)
def test_a_bad_option_is_refused_with_what_would_be_good(name: str, text: str, lists: str) -> None:
    with pytest.raises(BadOption) as refused:
        parse_options({name: text})
    assert name in refused.value.message
    assert lists in refused.value.message


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadOption, match=r"'langauges'.*languages") as refused:
        parse_options({"langauges": "eng"})
    options = {*Options.__struct_fields__, "provider", *switches()} - {"switches"}  # those have names of their own
    assert [name for name in options if name not in refused.value.message] == []


def test_one_provider_may_be_named_as_such() -> None:
    assert parse_options({"provider": "baidu"}) == parse_options({"providers": "baidu"})
    assert parse_options({"provider": "baidu", "providers": "tencent,aliyun"}).providers == ("tencent", "aliyun")
    settings = Settings(options=Options(providers=("tesseract", "aliyun")))
    assert resolve_options(settings, {"provider": "baidu"}).options.providers == ("baidu",)
    assert resolve_options(settings, {}).options.providers == ("tesseract", "aliyun")


def test_switches_are_options_under_their_own_names() -> None:
    options = parse_options({"provider": "baidu", "mode": "id_card", "detect_risk": "true", "detect_ps": "false"})
    assert options.switches == (("detect_ps", "false"), ("detect_risk", "true"))


def test_a_refusal_quotes_little_and_on_one_line() -> None:
    with pytest.raises(BadOption) as refused:
        parse_options({"provider": "line one\nline two " + "x" * 5000})
    assert "\n" not in refused.value.message
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("option", options().values(), ids=options())
def test_a_default_is_a_value_that_could_be_given(option: Option) -> None:
    written = option.kind.text(option.default)
    assert (
        option.kind.parse(option.name, written) == option.default
        if written
        else option.name in ("pages", "attachment", "psm")
    )


def test_without_a_request_the_installations_options_hold() -> None:
    assert resolve_options(Settings(), {}).options == Options()
    settings = Settings(options=Options(dpi=200))
    assert resolve_options(settings, {}).options == Options(dpi=200)


def test_what_is_requested_goes_over_the_settings_unless_blank() -> None:
    settings = Settings(options=Options(languages=("chi_sim",), dpi=200))
    chosen = resolve_options(settings, {"dpi": " 400 ", "languages": " "}).options
    assert (chosen.languages, chosen.dpi) == (("chi_sim",), 400)


def test_only_our_metadata_are_options() -> None:
    assert metadata_options({"folio-languages": "eng", "author": "me", "xfolio-dpi": "1"}) == {"languages": "eng"}


ranges = st.tuples(st.integers(1, 30), st.none() | st.integers(0, 30), st.booleans())


@given(st.lists(ranges, min_size=1, max_size=4), st.integers(1, 25))
def test_page_numbers_are_those_the_ranges_name(parts: list[tuple[int, int | None, bool]], count: int) -> None:
    written, members = [], []
    for first, more, alone in parts:
        last = first if alone else count if more is None else first + more
        written.append(str(first) if alone else f"{first}-" if more is None else f"{first}-{last}")
        members.append((first, last))
    pages = parse_options({"pages": ",".join(written)}).pages
    expected = [n for n in range(1, count + 1) if any(first <= n <= last for first, last in members)]
    if expected:
        assert list(page_numbers(pages, count)) == expected
    else:
        with pytest.raises(BadOption, match=f"has {count} page"):
            list(page_numbers(pages, count))


def test_no_choice_of_pages_is_all_of_them() -> None:
    assert list(page_numbers("", 3)) == [1, 2, 3]


def test_a_huge_range_costs_no_more_than_the_document_has_pages() -> None:
    assert list(page_numbers("1-9999999", 2)) == [1, 2]


def test_a_fingerprint_is_the_same_in_every_process_and_order() -> None:
    # If this changes, every document is read again: then SCHEMA or the table of options must have changed with it.
    wanted = {"provider": "tesseract", "languages": "eng", "dpi": "300"}
    assert fingerprint_of(Settings(), wanted) == "f516049039344119"
    assert fingerprint_of(Settings(), dict(reversed(wanted.items()))) == fingerprint_of(Settings(), wanted)


def test_a_fingerprint_follows_from_what_is_meant_and_not_from_how_it_is_written() -> None:
    written = [{"languages": "eng+chi_sim"}, {"languages": "eng, chi_sim"}, {"languages": "eng+chi_sim", "dpi": "300"}]
    assert len({fingerprint_of(Settings(), wanted) for wanted in written}) == 1


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=3)), st.dictionaries(st.text(max_size=3), st.text()))
def test_of_what_is_refused_fingerprints_are_equal_only_for_equal_requests(
    one: dict[str, str], other: dict[str, str]
) -> None:
    def refused(requested: dict[str, str]) -> bool:
        return any(value.strip() for value in requested.values())

    if refused(one) and refused(other):
        assert (fingerprint_of(Settings(), one) == fingerprint_of(Settings(), other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "text"),
    [("providers", "baidu"), ("languages", "chi_sim"), ("mode", "accurate"), ("ocr", "always"), ("pages", "1"),
     ("recipe", "none"), ("dpi", "200"), ("psm", "6"), ("second_pass", "1"),
     ("min_confidence", "0.5"), ("id_card_side", "back")],
)  # fmt: skip
def test_whatever_decides_what_a_result_says_changes_its_fingerprint(name: str, text: str) -> None:
    assert fingerprint_of(Settings(), {name: text}) != fingerprint_of(Settings(), {})


def test_what_a_result_says_does_not_depend_on_how_often_one_may_call() -> None:
    wanted = {"providers": "baidu", "languages": "eng"}
    marks = {fingerprint_of(Settings(), wanted | {"max_calls": calls}) for calls in ("1", "1000")}
    assert marks == {fingerprint_of(Settings(), wanted)}


def test_how_large_a_page_is_drawn_decides_too() -> None:
    assert fingerprint_of(Settings(), {}) != fingerprint_of(Settings(raster_pixels=1_000_000), {})


def test_rates_are_by_provider_or_by_provider_and_mode() -> None:
    assert Settings().rates() == {}
    rates = Settings(qps=" baidu=10, tencent.table=0.5 ,aliyun=7.25,").rates()
    assert rates == {"baidu": 10, "tencent.table": 0.5, "aliyun": 7.25}
    assert Settings(qps="baidu=0").rates()["baidu"] > 0  # never a division by nothing


@pytest.mark.parametrize("part", ["baidu", "baidu=", "baidu=fast", "=5", "clippy=5", "baidu.palmistry=5", "baidu=-1",
                                  "baidu=1e3", "baidu=inf", "baidu=٣", "baidu.table.x=1", "10"])  # fmt: skip
def test_what_is_not_a_rate_is_refused_with_how_to_write_one(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadOption, match=r"is not a rate; write baidu=10 or tencent\.table=2\."):
        with_setting(Settings(), "qps", f"aliyun=1,{part}")
    monkeypatch.setenv("FOLIO_QPS", part)
    with pytest.raises(Misconfigured, match="FOLIO_QPS"):
        load_settings()


def test_secrets_are_read_where_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_TEST_A", " value\n")
    monkeypatch.setenv("FOLIO_TEST_B", "  ")
    monkeypatch.delenv("FOLIO_TEST_C", raising=False)
    assert secret_variables(["FOLIO_TEST_A", "FOLIO_TEST_B", "FOLIO_TEST_C"]) == {"FOLIO_TEST_A": "value"}


@pytest.mark.usefixtures("own_defaults")
def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_LANGUAGES", "chi_sim")
    monkeypatch.setenv("FOLIO_MAX_PAGES", "7")
    monkeypatch.setenv("FOLIO_PAGE_TIMEOUT", "2.5")
    monkeypatch.setenv("FOLIO_MARGIN", "")  # as a template leaves it that has a parameter for it: the default
    assert load_settings() == Settings(options=Options(languages=("chi_sim",)), max_pages=7, page_timeout=2.5)


@pytest.mark.usefixtures("own_defaults")
def test_settings_may_come_together_and_those_of_their_own_prevail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_SETTINGS", "mode=accurate qps=baidu=10,tencent.table=2 dpi=200")
    monkeypatch.setenv("FOLIO_DPI", "150")
    assert load_settings() == Settings(options=Options(mode="accurate", dpi=150), qps="baidu=10,tencent.table=2")


@pytest.mark.parametrize("text", ["depth=3", "dpi", "dpi=0", "mode=palmistry", "max_pages=many", "qps=fast"])
def test_a_bad_one_of_settings_together_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_SETTINGS", f"ocr=auto {text}")
    with pytest.raises(Misconfigured, match="FOLIO_SETTINGS does not fit"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_bytes", "lots"),
        ("max_pages", "0"),
        ("max_pixels", "-1"),
        ("raster_pixels", "1.5"),
        ("page_timeout", "0"),
        ("page_timeout", "nan"),
        ("page_timeout", "inf"),
        ("margin", "-1"),
        ("jobs", "-2"),
        ("max_attempts", "0"),
        ("call_attempts", "0"),
        ("call_attempts", "21"),
        ("call_timeout", "0"),
        ("providers", "clippy"),
        ("min_confidence", "2"),
        ("max_calls", "-1"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FOLIO_{name.upper()}", value)
    with pytest.raises(Misconfigured, match=name):
        load_settings()


@pytest.mark.parametrize(
    ("memory", "there_are", "cores"),
    [("128", 2, 1), ("1769", 2, 1), ("3008", 2, 2), ("3538", 2, 2), ("10240", 6, 6), ("10240", 2, 2), ("", 4, 4)],
)
def test_lambda_gives_cores_by_memory(memory: str, there_are: int, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "process_cpu_count" if sys.version_info >= (3, 13) else "cpu_count", lambda: there_are)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory)
    assert Settings().cores() == cores


def test_jobs_that_were_set_are_the_cores() -> None:
    assert Settings(jobs=5).cores() == 5
