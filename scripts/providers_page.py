"""docs/providers.md: what each provider can do, takes and costs, as the code has it."""

from collections.abc import Iterable

from folio.options.table import switches
from folio.providers.base import ALL_MODES, Declaration
from folio.providers.cloud.base import CHINESE_AND_ENGLISH
from folio.providers.cloud.faults import RETRY_POLICY, ErrorKind
from folio.providers.cost import CURRENCY, PRICES_DATE, PRICES_SOURCE
from folio.providers.registry import declarations
from folio.structure.fields.find import KINDS
from folio.structure.fields.paper import SURE
from folio.text.field_values import NAMES

FAULTS = {
    ErrorKind.THROTTLED: "called too often: waits, `Retry-After` honored, and repeats",
    ErrorKind.TRANSIENT: "broken for a moment: waits and repeats",
    ErrorKind.TRANSIENT_ONCE: "broken, seldom better the second time: repeats once",
    ErrorKind.DENSE: "too much on one image, or broken: repeats once, then cuts the page in two",
    ErrorKind.AUTH_REFRESH: "the token has expired: gets a new one, once",
    ErrorKind.QUOTA: "quota or money used up: not asked again before midnight in Beijing; the next provider",
    ErrorKind.CONFIG: "keys, rights or request wrong: looks once whether the keys were rotated; the next provider",
    ErrorKind.IMAGE_FIXABLE: "the image is too large or of a wrong form: sends a smaller one, once",
    ErrorKind.EMPTY: "no text: an empty page, not a failure",
    ErrorKind.REJECTED: "not the card or invoice it was taken for: final, no other provider is asked",
}


def providers_page() -> str:
    parts = [
        "# Providers",
        "Written by `make generate` from the code. Limits, rates and codes are the vendors' own; sources stand in"
        " `functions/folio/providers/`.",
        "## Modes",
        f"Calls a second are those allowed by default. Prices are in {CURRENCY} per call, of {PRICES_DATE}:"
        f" {PRICES_SOURCE} Free tiers are left out.",
        _table(("mode", "provider", "endpoint", "calls a second", "size", "sides in px", "price"), _modes()),
        "## Keys",
        "Environment variables, or members of the JSON object at `FOLIO_CREDENTIALS`; those in parentheses come with"
        " temporary keys. `FOLIO_<NAME>_ENDPOINT` is another address than the default.",
        _table(("provider", "name", "keys", "endpoint"), _keys()),
        "## Languages",
        f"Where a mode is not listed, a provider reads {' and '.join(f'`{name}`' for name in CHINESE_AND_ENGLISH)}.",
        _table(("provider", "mode", "languages"), _languages()),
        "## Papers without a paid provider",
        f"The modes {', '.join(f'`{kind}`' for kind in KINDS)} are there for `ppocr`, `tesseract` and `auto` too, and"
        " for text layers: fields are found from the words and where they stand. `mode=auto` finds out which paper a"
        " page is (its `kind`); `general` looks for none. Of several papers on a page `paper` is the number of each."
        " Each field has a `check`: `passed` or `failed` where there is something to hold it to, or else `unchecked`."
        " A value is as it was read, whatever the check says; only O, I, S and Z in a credit code, which has none of"
        " them, are told as 0, 1, 5 and 2 where its check character then holds. Days, times and other checks that hold"
        f" for many misreadings too pass only what was read with a confidence of {SURE:g}, and are `unchecked` below."
        " A question"
        " of a form is the field `pair`: its `provider_name` is the question, its value the answer. Each row of what is"
        " sold gives the fields `item_…`, whose `item` is its number; a paid provider's rows are such fields too,"
        " beside the table that they make.",
        _table(("mode", "field", "must be, to pass its check"), _papers()),
        "## Switches",
        "Options of single services, by their own names: as object metadata (`x-amz-meta-folio-detect_direction: true`)"
        " or on the command line (`-O detect_direction=true`). What they find beside text stands among the page's"
        " `warnings`. Left out are those that return pictures (of the portrait, of the card alone). Images are sent in"
        " gray, so a service that looks for copies or screens by color judges them more strictly.",
        _table(("option", "values", "provider", "its name", "modes"), _switches()),
        "## What is done about an error",
        _table(("what", "Folio", "if that does not help"), _faults()),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _paid() -> list[Declaration]:
    return [declared for declared in declarations().values() if declared.paid]


def _modes() -> Iterable[tuple[str, ...]]:
    for mode in ALL_MODES:
        for declared in _paid():
            if not (operation := declared.operations.get(mode)):
                continue
            limits = operation.limits
            yield (
                mode,
                declared.name,
                f"`{operation.name}`",
                f"{operation.qps:g}",
                f"{limits.size // 1024**2} MB {limits.counted}",
                f"{limits.min_side} to {limits.max_side}",
                "unknown" if operation.price is None else f"{operation.price:g}",
            )


def _keys() -> Iterable[tuple[str, ...]]:
    for declared in _paid():
        names = [f"`{name}`" for name in declared.keys] + [f"(`{name}`)" for name in declared.temporary_keys]
        yield declared.name, declared.title, ", ".join(names), f"`{declared.endpoint}`"


def _languages() -> Iterable[tuple[str, ...]]:
    for declared in _paid():
        for mode, names in declared.languages.items():
            yield declared.name, mode, ", ".join(f"`{name}`" for name in names)


def _papers() -> Iterable[tuple[str, ...]]:
    for kind in KINDS.values():
        for name in NAMES:
            if name in kind.must:
                yield kind.name, f"`{name}`", kind.must[name]
            elif name in kind.free:
                yield kind.name, f"`{name}`", "unchecked"


def _switches() -> Iterable[tuple[str, ...]]:
    for name, reach in switches().items():
        for provider, switch in reach.items():
            values = ", ".join(f"`{value}`" for value in switch.values)
            yield f"`{name}`", values, provider, f"`{switch.name}`", ", ".join(switch.modes)


def _faults() -> Iterable[tuple[str, ...]]:
    for kind, meaning in FAULTS.items():
        error = "" if kind is ErrorKind.EMPTY else f"`{RETRY_POLICY[kind].error.__name__}`"
        yield kind.value, meaning, error
