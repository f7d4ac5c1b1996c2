"""The parts of template.yaml that follow from the options, the settings and the providers."""

import re
import textwrap
from pathlib import Path

from scripts.tables_page import declared_settings

from folio.config.options import AUTO
from folio.options import patterns
from folio.options.table import options, values
from folio.providers.registry import declarations

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
# Options with a parameter of their own.
OWN_PARAMETER = ("providers", "languages")


def template() -> str:
    """Return template.yaml with these parts as they must be."""
    text = TEMPLATE.read_text("utf-8")
    names = values("providers")
    paid = [name for name, declared in declarations().items() if declared.paid]
    text = _set(text, "Providers", "AllowedPattern", _quoted(f"^{options()['providers'].kind.pattern()}$"))
    text = _set(text, "Providers", "MaxLength", str(len(",".join(name for name in names if name != AUTO))))
    text = _set(text, "Providers", "ConstraintDescription", f"must be some of {_listed(names)}, joined by commas.")
    text = _set(
        text,
        "Providers",
        "Description",
        _folded(
            f"Who reads: {', '.join(names)}, or several of them in the order in which they are asked, joined by commas."
            f" {_listed(paid)} cost money by the call and need Credentials."
        ),
    )
    text = _set(text, "Languages", "AllowedPattern", _quoted(f"^{options()['languages'].kind.pattern()}$"))
    return _set(text, "Settings", "AllowedPattern", _quoted(settings_pattern()))


def settings_pattern() -> str:
    """Return the pattern of `name=value` for all that can be given together, one space between them."""
    alternatives = [
        f"{name}={option.kind.pattern()}"
        for name, option in options().items()
        if option.setting and name not in OWN_PARAMETER
    ]
    for name, (meta, _) in declared_settings().items():
        if (deployed := meta.extra["deployed"]) is not None:
            pattern = patterns.whole_numbers(*deployed) if isinstance(deployed, tuple) else f"({deployed})"
            alternatives.append(f"{name}={pattern}")
    remote = [name for name, declared in declarations().items() if declared.endpoint]
    alternatives.append(f"({'|'.join(remote)})_endpoint=https://[A-Za-z0-9./-]+")
    return f"^(({'|'.join(alternatives)})( |$))*$"


def _set(text: str, parameter: str, key: str, value: str) -> str:
    """Return the template with one key of a parameter set; it stands on one line, or folded on several."""
    start = text.index(f"\n  {parameter}:\n    Type:")
    end = re.compile(r"\n\n|\n  \S").search(text, start + 1)
    block = text[start : end.start() if end else len(text)]
    changed, count = re.subn(rf"(?m)^    {key}:.*(\n      .*)*$", lambda _: f"    {key}: {value}", block, count=1)
    if not count:
        raise ValueError(f"template.yaml: {parameter} has no {key}.")
    return text.replace(block, changed, 1)


def _quoted(pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\")
    return f'"{escaped}"'


def _folded(text: str) -> str:
    return "\n      ".join((">-", *textwrap.wrap(text, 112)))


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
