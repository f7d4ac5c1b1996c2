"""What is declared of an option or a setting besides its name, type and default."""

from collections.abc import Mapping

from msgspec import Meta

type Labels = Mapping[str, tuple[str, str]]  # value -> what it means, in English and in Chinese


def option(
    english: str,
    chinese: str,
    *,
    at_least: int = 0,
    at_most: int = 0,
    labels: Labels | None = None,
    example: str = "",
    setting: bool = True,
    ceiling: bool = False,
) -> Meta:
    """Return what is declared of an option besides its name, type and default.

    `setting`: whether an installation may fix another default, as FOLIO_ and the name in capitals. `ceiling`: whether
    that default is also the most that a document's metadata or a caller may ask for.
    """
    return Meta(
        description=english,
        extra={
            "chinese": chinese,
            "range": (at_least, at_most),
            "labels": labels or {},
            "example": example,
            "setting": setting,
            "ceiling": ceiling,
        },
    )


def setting(
    english: str,
    chinese: str,
    *,
    at_least: int | None = None,
    above: int | None = None,
    at_most: int | None = None,
    deployed: tuple[int, int] | str | None = None,
    group: str = "limits",
) -> Meta:
    """Return what is declared of a setting besides its name, type and default.

    `deployed`: what the template's parameter `Settings` takes of it, a range or a pattern; None for what the template
    itself gives, or what must stay what the template was written for.
    """
    extra = {"chinese": chinese, "deployed": deployed, "group": group}
    if above is not None:
        return Meta(gt=above, le=at_most, description=english, extra=extra)
    return Meta(ge=at_least, le=at_most, description=english, extra=extra)
