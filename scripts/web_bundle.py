"""functions/folio/web/built/: the page's modules as one script, its styles as one.

The modules use a small part of the language: named imports, one default, exports where a name is declared. Each becomes
a function that is called once and returns what it exports, so that equal names of two modules do not meet; they stand
in the order in which a browser would run them.
"""

import re
from collections.abc import Mapping
from pathlib import Path

WEB = Path(__file__).parents[1] / "functions" / "folio" / "web"
BUILT = WEB / "built"
ENTRY = "app"
STYLES = ("app.css", "viewer.css")
_IMPORT = re.compile(r'^import (\{ [\w$, ]+ \}|\w+) from "\./([a-z]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) ([\w$]+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_WRITTEN = "/* Written by `make generate` from the files in the folder above. */\n"


def bundled(generated: Mapping[str, str] | None = None) -> dict[Path, str]:
    """Return the files that the page loads, with modules as they are `generated` instead of as they are in the folder.

    Raises ValueError for what the modules must not do.
    """
    modules: dict[str, str] = {}
    _collect(ENTRY, modules, (), generated or {})
    style = "".join((WEB / name).read_text("utf-8") for name in STYLES)
    return {
        BUILT / "app.js": _WRITTEN + "".join(modules.values()),
        BUILT / "app.css": _WRITTEN + style,
    }


def _collect(name: str, modules: dict[str, str], importing: tuple[str, ...], generated: Mapping[str, str]) -> None:
    """Add a module behind those that it imports."""
    if name in importing:
        raise ValueError(f"The modules {' and '.join((*importing, name))} import each other.")
    source = generated.get(name) or (WEB / f"{name}.js").read_text("utf-8")
    for _, other in _IMPORT.findall(source):
        if other not in modules:
            _collect(other, modules, (*importing, name), generated)
    modules[name] = module(name, source)


def module(name: str, source: str) -> str:
    """Return a module as a constant that holds what it exports."""
    exported = _EXPORT.findall(source)
    body = _IMPORT.sub(_taken, source)
    body = _EXPORT.sub("", body)
    body, defaults = _DEFAULT.subn("const $default = ", body)
    if unknown := re.search(r"^(import|export)\b.*", body, re.MULTILINE):
        raise ValueError(f"{name}.js: {unknown[0]!r} is not known to scripts/web_bundle.py.")
    names = ", ".join((*exported, *(["$default"] * defaults)))
    return f"\nconst ${name} = (() => {{\n{body}return {{ {names} }};\n}})();\n"


def _taken(match: re.Match[str]) -> str:
    names, other = match.groups()
    return f"const {names} = ${other};\n" if names.startswith("{") else f"const {names} = ${other}.$default;\n"
