"""What all rules of PDF/A share: their error, and how they look into pypdf's objects."""

from typing import Any


class Forbidden(Exception):
    """Why a page cannot be kept as it is, as the end of a sentence about it."""


def get(holder: Any, name: str) -> Any:
    """Return what a dictionary has under a name, resolved; None if it has nothing or is none."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if value is None else value.get_object()


def array(holder: Any, name: str) -> list[Any]:
    """Return the array that a dictionary has under a name, its items resolved; an empty list if there is none."""
    value = get(holder, name)
    return [item.get_object() for item in value] if isinstance(value, list) else []


def key_of(value: Any) -> tuple[int, int] | None:
    """Return number and generation of a reference; None for what is none."""
    from pypdf.generic import IndirectObject

    return (value.idnum, value.generation) if isinstance(value, IndirectObject) else None
