"""docs/tables.md and docs/zh-CN/tables.md: options, outputs and settings, from the tables that check them."""

from collections.abc import Iterable
from typing import Any, get_type_hints

import msgspec
from msgspec import Meta

from folio import keys
from folio.config.settings import PREFIX, TOGETHER, Settings
from folio.documents.kinds import kinds
from folio.options.settings import setting_names
from folio.options.table import ALIASES, Option, options

GROUPS = ("limits", "long", "providers", "api")
WRITTEN = (
    "Written by `make generate` from `functions/folio/config`.",
    "由 `make generate` 从 `functions/folio/config` 生成。",
)
TITLES = ("Options, outputs and limits", "选项、输出与限制")
OPTIONS = ("Options", "选项")
OUTPUTS = ("Outputs", "其他输出")
FILES = ("Files that are read", "能识别的文件")
FILES_NOTE = (
    "By their content, not by their names. `folio formats` lists those of an installation.",
    "按内容判断，不看文件名。`folio formats` 列出本安装支持的类型。",
)
FILE_HEAD = (("type", "media types", "usual suffixes"), ("类型", "媒体类型", "常见后缀"))
LIMITS = ("Limits", "限制")
OPTIONS_NOTE = (
    "For one document as object metadata (`x-amz-meta-folio-languages`) or on the command line (`--languages`); for all"
    " of an installation as a setting. `provider` is another name of `providers`, and the `switches` of single"
    " providers ([list]({root}providers.md)) are options by their own names: `-O NAME=VALUE`. How to choose a `recipe`:"
    " [using.md](using.md).",
    "对单个文档，写在对象元数据里（`x-amz-meta-folio-languages`）或命令行上（`--languages`）；对整套安装，写成设置。`provider`"
    " 是 `providers` 的另一个名字；各服务商的开关 `switches`（[列表]({root}providers.md)）用各自的名字作选项："
    "`-O NAME=VALUE`。怎样选 `recipe`：[using.md](using.md)。",
)
OUTPUTS_NOTE = (
    "Other forms of the result, in the folder `<key>.ocr/` beside it ([more about them](results.md#other-outputs)).",
    "结果的其他形式，放在旁边的文件夹 `<key>.ocr/` 里（[详见](results.md#其他输出)）。",
)
OPTION_HEAD = (("option", "values", "default", "setting"), ("选项", "取值", "默认", "设置"))
OUTPUT_HEAD = (("kind", "file", "what it is"), ("种类", "文件", "内容"))
SETTING_HEAD = (("setting", "default", "what it is"), ("设置", "默认", "含义"))
EXAMPLE = ("For example", "例如")
NOTHING = ("none", "无")
TOGETHER_NOTE = (
    "several of all these in one, without `FOLIO_`: `mode=accurate dpi=200`; the template's `Settings`",
    "以上设置写在一起，去掉 `FOLIO_`：`mode=accurate dpi=200`；即模板参数 `Settings`",
)
ENDPOINT_NOTE = ("address of the provider, for another region", "服务商的地址，用于其他地域")


def tables_page(*, chinese: bool = False) -> str:
    parts = [
        f"# {TITLES[chinese]}",
        WRITTEN[chinese],
        f"## {OPTIONS[chinese]}",
        OPTIONS_NOTE[chinese].format(root="../" if chinese else ""),
        table(OPTION_HEAD[chinese], (_option(option, chinese) for option in options().values())),
        f"## {OUTPUTS[chinese]}",
        OUTPUTS_NOTE[chinese],
        table(OUTPUT_HEAD[chinese], _outputs(chinese)),
        f"## {FILES[chinese]}",
        FILES_NOTE[chinese],
        table(FILE_HEAD[chinese], _files()),
        f"## {LIMITS[chinese]}",
        table(SETTING_HEAD[chinese], _settings(chinese)),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _option(option: Option, chinese: bool) -> tuple[str, ...]:
    names = [option.name, *(short for short, long in ALIASES.items() if long == option.name)]
    default = option.kind.text(option.default)
    setting = f"`{PREFIX}{option.name.upper()}`" if option.setting else ""
    return (
        ", ".join(f"`{name}`" for name in names),
        _values(option, chinese),
        f"`{default}`" if default else "",
        setting,
    )


def _values(option: Option, chinese: bool) -> str:
    """What an option is, and what it may be."""
    about = option.chinese if chinese else option.english
    bounds = option.kind.schema()
    values = (f"`{value}` ({option.label(value, chinese=chinese)})" for value in option.kind.values if option.labels)
    plain = ", ".join(values) or ", ".join(f"`{value}`" for value in option.kind.values)
    numbers = f"{bounds['minimum']} – {bounds['maximum']}" if "minimum" in bounds else ""
    example = f"{EXAMPLE[chinese]} `{option.example}`." if option.example else ""
    return " ".join(part for part in (about, plain, numbers, example) if part)


def _files() -> Iterable[tuple[str, ...]]:
    for kind in kinds(here=False):
        yield kind.name, "<br>".join(f"`{one}`" for one in kind.media_types), " ".join(kind.suffixes)


def _outputs(chinese: bool) -> Iterable[tuple[str, ...]]:
    option = options()["outputs"]
    for kind in option.kind.values:
        yield f"`{kind}`", f"`{keys.OUTPUTS[kind]}`", option.label(kind, chinese=chinese)


def _settings(chinese: bool) -> Iterable[tuple[str, ...]]:
    declared = declared_settings()
    for name, (meta, default) in sorted(declared.items(), key=lambda item: GROUPS.index(item[1][0].extra["group"])):
        shown = f"{default:,}" if isinstance(default, int | float) else default or NOTHING[chinese]
        yield _variable(name), shown, (meta.extra["chinese"] if chinese else meta.description)
    for name in setting_names():
        if name not in declared and name not in options():
            yield _variable(name), NOTHING[chinese], ENDPOINT_NOTE[chinese]
    yield f"`{TOGETHER}`", NOTHING[chinese], TOGETHER_NOTE[chinese]


def declared_settings() -> dict[str, tuple[Any, Any]]:
    """Of each setting that is no option's default: what is declared, and its default."""
    hints = get_type_hints(Settings, include_extras=True)
    declared = {}
    for field in msgspec.structs.fields(Settings):
        metas = [part for part in getattr(hints[field.name], "__metadata__", ()) if isinstance(part, Meta)]
        if metas:
            declared[field.name] = metas[0], field.default
    return declared


def _variable(name: str) -> str:
    return f"`{PREFIX}{name.upper()}`"
