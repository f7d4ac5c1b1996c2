import re

import pytest
from alibabacloud_ocr_api20210707 import models as aliyun_models
from tencentcloud.ocr.v20181119 import models as tencent_models

from folio.config.options import Options
from folio.errors import BadOption
from folio.models import Mode
from folio.options.resolve import parse_options
from folio.options.table import switches, values
from folio.providers.registry import declarations

MODES = values("mode")
SWITCHES = switches()
PAID = [name for name, declared in declarations().items() if declared.paid]


def native(provider: str, options: Options) -> list[tuple[str, str]]:
    return list(declarations()[provider].native_switches(options))


EVERY = [
    (name, provider, mode)
    for name, switch in SWITCHES.items()
    for provider, reach in switch.items()
    for mode in reach.modes
]


@pytest.mark.parametrize(("name", "provider", "mode"), EVERY)
def test_every_switch_reaches_its_service_under_its_own_name(name: str, provider: str, mode: str) -> None:
    reach = SWITCHES[name][provider]
    for value in reach.values:
        options = parse_options({"provider": provider, "mode": mode, name: value})
        assert options.switches == ((name, value),)
        assert native(provider, options) == [(reach.name, value)]


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_reaches_paid_providers_in_modes_there_are(name: str) -> None:
    assert SWITCHES[name]
    assert set(SWITCHES[name]) <= set(PAID)
    for reach in SWITCHES[name].values():
        assert reach.modes
        assert set(reach.modes) <= set(MODES)
        assert len(set(reach.values)) == len(reach.values)


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_has_the_name_of_no_other_option(name: str) -> None:
    assert name not in Options.__struct_fields__


def test_no_two_switches_set_the_same_for_a_service() -> None:
    for provider in PAID:
        own = [switch[provider].name for switch in SWITCHES.values() if provider in switch]
        assert len(own) == len(set(own))


@pytest.mark.parametrize(("name", "provider", "mode"), EVERY)
def test_in_another_mode_it_is_refused_with_where_it_is(name: str, provider: str, mode: str) -> None:
    switch = SWITCHES[name]
    value = switch[provider].values[0]
    for other in set(MODES) - {mode for reach in switch.values() for mode in reach.modes}:
        with pytest.raises(BadOption, match=f"{name}={value} in mode {other}.*{provider} in .*{mode}"):
            parse_options({"provider": provider, "mode": other, name: value})


def test_a_switch_of_nobody_in_the_chain_is_refused() -> None:
    with pytest.raises(BadOption, match="detect_risk"):
        parse_options({"providers": "tencent,aliyun", "mode": "id_card", "detect_risk": "true"})
    chain = parse_options({"providers": "tencent,baidu", "mode": "id_card", "detect_risk": "true"})
    assert native("tencent", chain) == []
    assert native("baidu", chain) == [("detect_risk", "true")]


@pytest.mark.parametrize("value", ["", "yes", "1", "true ", "真", "x" * 5000])
def test_a_value_it_does_not_have_is_refused_with_those_it_has(value: str) -> None:
    with pytest.raises(BadOption, match=r"detect_direction=.*true, false") as refused:
        parse_options({"provider": "baidu", "detect_direction": value})
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(("provider", "value"), [("baidu", "zh"), ("tencent", "CHN_ENG")])
def test_a_value_of_another_service_only_is_refused(provider: str, value: str) -> None:
    with pytest.raises(BadOption, match="language_type"):
        parse_options({"provider": provider, "language_type": value})


def test_in_a_chain_a_value_reaches_those_who_know_it() -> None:
    both = parse_options({"providers": "baidu,tencent", "language_type": "zh"})
    assert native("tencent", both) == [("LanguageType", "zh")]
    assert native("baidu", both) == []


def test_switches_come_in_one_order() -> None:
    wanted = {"detect_quality": "true", "detect_risk": "false", "provider": "baidu", "mode": "id_card"}
    assert parse_options(wanted) == parse_options(dict(reversed(wanted.items())))


# What the vendors' own request models have and is no switch, by the reason.
NO_SWITCHES = {
    "the document itself": "ImageBase64 ImageUrl IsPdf PdfPageNumber Url body PageNo",
    "Folio sets it": "IsWords EnableWordPolygon OutputCharInfo CardSide Config",
    "it works only where Folio asks for no characters": "WordsType",
    "reserved": "Scene",
    "it returns pictures": "RetBorderCutImage RetCardNoImage OutputFigure Config.CropIdCard Config.CropPortrait",
    "another form of answer; the mode table, or one side after the other": "OutputTable Config.MultiCardDetect",
    "where on the card the light falls": "EnableReflectDetail",
}
LEFT_OUT = {name for names in NO_SWITCHES.values() for name in names.split()}


def reaching(provider: str, mode: str) -> set[str]:
    return {switch.name for switch in declarations()[provider].switches if mode in switch.modes}


@pytest.mark.parametrize("mode", declarations()["tencent"].modes)
def test_every_parameter_of_tencents_sdk_is_a_switch_or_left_out_for_a_reason(mode: Mode) -> None:
    request = getattr(tencent_models, f"{declarations()['tencent'].operations[mode].name}Request")()
    documented = {name.removeprefix("_") for name in vars(request)}
    if "Config" in documented:
        documented |= {
            f"Config.{name}" for name in re.findall(r"<br>([A-Za-z]+)，", type(request).__init__.__doc__ or "")
        }
        assert "Config.Quality" in documented
    assert documented - LEFT_OUT == reaching("tencent", mode) - LEFT_OUT


@pytest.mark.parametrize("mode", declarations()["aliyun"].modes)
def test_every_parameter_of_aliyuns_sdk_is_a_switch_or_left_out_for_a_reason(mode: Mode) -> None:
    request = getattr(aliyun_models, f"{declarations()['aliyun'].operations[mode].name}Request")()
    for name in vars(request):
        setattr(request, name, "x")
    documented = set(request.to_map())
    assert documented - LEFT_OUT == reaching("aliyun", mode) - LEFT_OUT
