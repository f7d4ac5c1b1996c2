"""The values Folio works with, and the published result schema `folio/1`.

Every coordinate is in pixels of the page as a reader sees it (EXIF and PDF rotation applied), at that page's stated
`width` and `height`, x to the right and y down from the top left corner. Confidences run from 0 to 1; None where
the engine gives none. Times are in seconds. The codec and the JSON Schema are msgspec's, derived from these classes.
"""

from folio.models.content import Block, BlockKind, Cell, Code, Confidence, Field, Line, Seal, Table, Word
from folio.models.document import PDF, Document, DocumentPart, PageImage, Problem
from folio.models.result import (
    SCHEMA,
    BatchPart,
    Cost,
    Engine,
    ErrorReport,
    Mode,
    Moment,
    Output,
    Page,
    PageText,
    Preparation,
    ReadPage,
    Redaction,
    Result,
    ResultHead,
    SkippedProvider,
    Source,
    SourceFile,
    decode,
    encode,
    json_schema,
    now,
    weighted_mean,
)
from folio.models.review import REVIEW_SCHEMA, Edit, Review

__all__ = [
    "PDF",
    "REVIEW_SCHEMA",
    "SCHEMA",
    "BatchPart",
    "Block",
    "BlockKind",
    "Cell",
    "Code",
    "Confidence",
    "Cost",
    "Document",
    "DocumentPart",
    "Edit",
    "Engine",
    "ErrorReport",
    "Field",
    "Line",
    "Mode",
    "Moment",
    "Output",
    "Page",
    "PageImage",
    "PageText",
    "Preparation",
    "Problem",
    "ReadPage",
    "Redaction",
    "Result",
    "ResultHead",
    "Review",
    "Seal",
    "SkippedProvider",
    "Source",
    "SourceFile",
    "Table",
    "Word",
    "decode",
    "encode",
    "json_schema",
    "now",
    "weighted_mean",
]  # fmt: skip
