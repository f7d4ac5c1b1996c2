"""The documented switches of the single services, as options of Folio.

An option reaches the providers it is listed with, in the modes listed, under the name the service documents. Not here
is what Folio sets itself, and what only adds pictures or forms of an answer that a result has no place for. Sources:
the option samples of baidu-aip, the request models of tencentcloud-sdk-python-ocr and alibabacloud_ocr_api20210707.
"""

from collections.abc import Iterator

from msgspec import Struct

from folio.errors import BadOption
from folio.models import Options

YES_NO = ("true", "false")
_TEXT = ("general", "accurate", "handwriting")
_BAIDU_LANGUAGES = ("CHN_ENG", "ENG", "JAP", "KOR", "FRE", "SPA", "POR", "GER", "ITA", "RUS", "auto_detect")
_TENCENT_LANGUAGES = (
    "zh", "zh_rare", "auto", "mix", "jap", "kor", "spa", "fre", "ger", "por", "vie", "may", "rus", "ita", "hol", "swe",
    "fin", "dan", "nor", "hun", "tha", "hi", "ara",
)  # fmt: skip


class Reach(Struct, frozen=True):
    """How an option reaches one service: its own name for it, the modes in which it knows it, and the values."""

    name: str
    modes: tuple[str, ...]
    values: tuple[str, ...] = YES_NO


type Switch = dict[str, Reach]  # by provider


def _baidu(values: tuple[str, ...], name: str, *modes: str) -> Switch:
    return {"baidu": Reach(name, modes, values)}


def _tencent(values: tuple[str, ...], name: str, *modes: str) -> Switch:
    return {"tencent": Reach(name, modes, values)}


def _aliyun(values: tuple[str, ...], name: str, *modes: str) -> Switch:
    return {"aliyun": Reach(name, modes, values)}


SWITCHES: dict[str, Switch] = {
    "detect_direction": {
        "baidu": Reach("detect_direction", ("general", "accurate", "handwriting", "id_card", "bank_card")),
        "aliyun": Reach("NeedRotate", ("accurate", "handwriting", "table")),
    },
    "language_type": {
        "baidu": Reach("language_type", ("general", "accurate"), _BAIDU_LANGUAGES),
        "tencent": Reach("LanguageType", ("general",), _TENCENT_LANGUAGES),
    },
    "paragraph": {
        "baidu": Reach("paragraph", ("general", "accurate")),
        "aliyun": Reach("Paragraph", ("accurate", "handwriting")),
    },
    # Baidu
    "detect_language": _baidu(YES_NO, "detect_language", "general"),
    "eng_granularity": _baidu(("word", "letter"), "eng_granularity", *_TEXT),
    "cell_contents": _baidu(YES_NO, "cell_contents", "table"),
    "detect_risk": _baidu(YES_NO, "detect_risk", "id_card"),
    "detect_quality": _baidu(YES_NO, "detect_quality", "id_card", "bank_card"),
    "detect_ps": _baidu(YES_NO, "detect_ps", "id_card"),
    # Tencent Cloud; those of an ID card that begin with config_ go into its Config.
    "enable_detect_split": _tencent(YES_NO, "EnableDetectSplit", "accurate"),
    "enable_detect_text": _tencent(YES_NO, "EnableDetectText", "accurate", "handwriting"),
    "config_id": _tencent(("OCR", "MulOCR"), "ConfigID", "accurate"),
    "scene": _tencent(("only_hw",), "Scene", "handwriting"),
    "use_new_model": _tencent(YES_NO, "UseNewModel", "table"),
    "config_copy_warn": _tencent(YES_NO, "Config.CopyWarn", "id_card"),
    "config_border_check_warn": _tencent(YES_NO, "Config.BorderCheckWarn", "id_card"),
    "config_reshoot_warn": _tencent(YES_NO, "Config.ReshootWarn", "id_card"),
    "config_detect_ps_warn": _tencent(YES_NO, "Config.DetectPsWarn", "id_card"),
    "config_temp_id_warn": _tencent(YES_NO, "Config.TempIdWarn", "id_card"),
    "config_invalid_date_warn": _tencent(YES_NO, "Config.InvalidDateWarn", "id_card"),
    "config_reflect_warn": _tencent(YES_NO, "Config.ReflectWarn", "id_card"),
    "config_key_check": _tencent(YES_NO, "Config.KeyCheck", "id_card"),
    "config_value_check": _tencent(YES_NO, "Config.ValueCheck", "id_card"),
    "config_quality": _tencent(YES_NO, "Config.Quality", "id_card"),
    "enable_recognition_rectify": _tencent(YES_NO, "EnableRecognitionRectify", "id_card"),
    "enable_date_verify": _tencent(YES_NO, "EnableDateVerify", "id_card"),
    "card_warn_type": _tencent(("Basic", "Advanced"), "CardWarnType", "id_card"),
    "enable_copy_check": _tencent(YES_NO, "EnableCopyCheck", "bank_card"),
    "enable_reshoot_check": _tencent(YES_NO, "EnableReshootCheck", "bank_card"),
    "enable_border_check": _tencent(YES_NO, "EnableBorderCheck", "bank_card"),
    "enable_quality_value": _tencent(YES_NO, "EnableQualityValue", "bank_card"),
    # Alibaba Cloud
    "need_sort_page": _aliyun(YES_NO, "NeedSortPage", "accurate", "handwriting"),
    "no_stamp": _aliyun(YES_NO, "NoStamp", "accurate"),
    "row": _aliyun(YES_NO, "Row", "accurate"),
    "is_hand_writing": _aliyun(YES_NO, "IsHandWriting", "table"),
    "line_less": _aliyun(YES_NO, "LineLess", "table"),
    "skip_detection": _aliyun(YES_NO, "SkipDetection", "table"),
    "llm_rec": _aliyun(YES_NO, "Llm_rec", "id_card"),
    "output_quality_info": _aliyun(YES_NO, "OutputQualityInfo", "id_card"),
}


def parse_switch(name: str, value: str) -> str:
    """A value that some service knows. Raises BadOption."""
    known = tuple(dict.fromkeys(known for reach in SWITCHES[name].values() for known in reach.values))
    if value not in known:
        raise BadOption(f"{name}={value[:40]!r} is not known; choose one of {', '.join(known)}.")
    return value


def native(provider: str, options: Options) -> Iterator[tuple[str, str]]:
    """The switches that reach a provider in this mode, under its own names."""
    for name, value in options.switches:
        if reach := _reach(provider, name, value, options):
            yield reach.name, value


def check_switches(options: Options) -> None:
    """Every switch must reach somebody who is asked. Raises BadOption that says who has it."""
    for name, value in options.switches:
        if not any(_reach(provider, name, value, options) for provider in options.providers):
            having = "; ".join(f"{provider} in {', '.join(reach.modes)}" for provider, reach in SWITCHES[name].items())
            raise BadOption(
                f"No provider asked for has {name}={value} in mode {options.mode}; {name} is there for {having}."
            )


def _reach(provider: str, name: str, value: str, options: Options) -> Reach | None:
    reach = SWITCHES[name].get(provider)
    return reach if reach and options.mode in reach.modes and value in reach.values else None
