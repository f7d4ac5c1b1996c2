"""The values Folio works with, and the published result schema `folio/1`.

Every coordinate is in pixels of the page as a reader sees it (EXIF and PDF rotation applied), at that page's stated
`width` and `height`, x to the right and y down from the top left corner. Confidences run from 0 to 1; None where
the engine gives none. Times are in seconds. The codec and the JSON Schema are msgspec's, derived from these classes.
"""

from folio.models.content import Block, BlockKind, Cell, Confidence, Field, Line, Seal, Table, Word
from folio.models.result import (
    PDF,
    SCHEMA,
    Cost,
    Document,
    Engine,
    ErrorReport,
    Mode,
    Moment,
    Output,
    Page,
    PageImage,
    PageText,
    Preparation,
    Problem,
    ReadPage,
    Result,
    ResultHead,
    SkippedProvider,
    Source,
    decode,
    encode,
    json_schema,
    now,
    weighted_mean,
)

__all__ = [
    "PDF", "SCHEMA", "Block", "BlockKind", "Cell", "Confidence", "Cost", "Document", "Engine", "ErrorReport",
    "Field", "Line", "Mode", "Moment", "Output", "Page", "PageImage", "PageText", "Preparation", "Problem",
    "ReadPage", "Result", "ResultHead", "Seal", "SkippedProvider", "Source", "Table", "Word", "decode",
    "encode", "json_schema", "now", "weighted_mean",
]  # fmt: skip
