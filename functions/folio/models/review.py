"""Corrections of a result by people: a version beside it, which leaves the reading as it is."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from folio.models.result import Moment

REVIEW_SCHEMA = "folio-review/1"
MAX_TEXT = 10_000  # characters of one correction

type Text = Annotated[str, Meta(max_length=MAX_TEXT)]
# A part of a page as the result counts them, from 0: a word of a line, a line that has no words, a cell of a table;
# or one of the result's fields.
type Location = Annotated[
    str, Meta(pattern=r"^(lines/[0-9]{1,6}(/words/[0-9]{1,6})?|tables/[0-9]{1,6}/cells/[0-9]{1,6}|fields/[0-9]{1,6})$")
]


class Edit(Struct, frozen=True, kw_only=True):
    """What a person says that a part of a page reads: `text` instead of `read`, which is what the reading says there.

    An equal `text` confirms the reading, an empty one says that nothing is written there, null takes the correction
    back. `by` is how the person calls themselves, `caller` the id of who called the API.
    """

    page: Annotated[int, Meta(ge=1)]
    location: Location
    read: Text
    text: Text | None
    at: Moment
    by: str = ""
    caller: str = ""


class Review(Struct, frozen=True, kw_only=True):
    """`<key>.ocr/reviewed.json`: all corrections of a result, in the order in which they were made.

    Of several with the same page and location the last one counts. `source` is the etag of the document that was read,
    `revision` rises with every change, and `outputs` says from which revision each output was made.
    """

    schema: Literal["folio-review/1"] = "folio-review/1"
    source: str
    revision: Annotated[int, Meta(ge=0)] = 0
    edits: tuple[Edit, ...] = ()
    outputs: dict[str, int] = {}

    def current(self) -> dict[tuple[int, str], Edit]:
        """Return the corrections that count, by page and location."""
        latest = {(edit.page, edit.location): edit for edit in self.edits}
        return {where: edit for where, edit in latest.items() if edit.text is not None}
