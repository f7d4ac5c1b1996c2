"""Names of the files that Folio writes beside a source, and which keys are its own.

`<key>.ocr.json` is the result of a whole document, `<key>.ocr/pages-2.json` that of a range of its pages, and
`<key>.ocr/pages-of-attached-<digest>.json` that of a document attached to it; the outputs of each lie in `<key>.ocr/`,
those of a part under its name. `scope` names the part (`scope_of`), and is empty for the whole document.
"""

import hashlib
import os
import re
from collections.abc import Iterable

RESULT = ".ocr.json"
ERROR = ".ocr.error.json"
FOLDER = ".ocr/"

# Kind of output -> its file in the folder beside the source.
OUTPUTS = {
    "text": "text.txt",
    "hocr": "hocr.html",
    "alto": "alto.xml",
    "markdown": "markdown.md",
    "html": "document.html",
    "docx": "document.docx",
    "chunks": "chunks.jsonl",
    "textract": "textract.json",
    "csv": "tables.csv",
    "xlsx": "tables.xlsx",
    "pdf": "searchable.pdf",
    "pdfa": "pdfa.pdf",
    "index": "index.json",  # of a long result; not an option
}

REVIEW = "reviewed.json"  # in the same folder: what people have corrected

# Results of parts, and with another ending their outputs. A range that is long to write has a digest for a name, and an
# attached document always has: its name is text of a stranger's.
PART = "pages-"
_ATTACHED = "of-attached-"
_MAX_RANGE, _MAX_ATTACHED_RANGE = 40, 16  # characters
PDFS = ("pdf", "pdfa")  # outputs of which a document may have the name
_PART_RESULT = re.compile(
    r"pages-((?:[0-9][0-9,-]*|[0-9a-f]{16})(?:-of-attached-[0-9a-f]{16})?|of-attached-[0-9a-f]{16})\.json"
)

# Kinds and files of the parts of a batch that was split.
_SPLIT_PART = re.compile(r"part-[1-9][0-9]*(?:\.([a-z]+))?")
_SPLIT_FILE = re.compile(r"(part-[1-9][0-9]*)\.(.+)")

# Pages that were read while a document is being read (`folio.reading.checkpoint`), a folder for each reading.
CHECKPOINTS = FOLDER + "pages/"
CHECKPOINT_TAG = {"folio": "checkpoint"}
_CHECKPOINT = re.compile(r"pages/[^/]+/(plan-[0-9]{7}|shared|[0-9]{7}-[0-9]{7}(\.[a-z]+)?)\.json")
_LONGEST_SUFFIX = CHECKPOINTS + "0123456789abcdef-0123456789abcdef/0000001-0000008.failed.json"

CLAIM = FOLDER + "claim.json"  # of a worker that matches the document in a listing (`folio.serve.claims`)

JOBS = "folio-jobs/"  # documents that came over the API, each below its owner's folder

# Every key that Folio writes is like one of these. Other keys below a folder `….ocr/` are documents, of whatever
# somebody named so; what can be a document, a PDF, is told apart by its whole name. The bucket's rule holds back the
# first ones, which are nearly all: a rule takes only a few wildcards.
HELD_BACK = (f"*{RESULT}", f"*{ERROR}", f"*{FOLDER}*.json")
OWN = (
    *HELD_BACK,
    *(f"*{FOLDER}*{name}" for kind, name in OUTPUTS.items() if kind not in (*PDFS, "index")),
    *(f"*{FOLDER}{OUTPUTS[kind]}" for kind in PDFS),
    *(f"*{FOLDER}{PART}*.{OUTPUTS[kind]}" for kind in PDFS),
    f"{JOBS}*{FOLDER}*",
)


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(pattern).replace(r"\*", ".*") for pattern in patterns), re.DOTALL)


_OWN, _HELD_BACK = _any_of(OWN), _any_of(HELD_BACK)

MAX_KEY_BYTES = 1024  # Amazon S3's limit


def scope_of(pages: str, attachment: str = "") -> str:
    """Return the scope of a range of pages (canonical, `options.kinds`; empty: all) of a document, or of one that is
    attached to it, by the name by which it was requested.
    """
    name = pages if len(pages) <= (_MAX_ATTACHED_RANGE if attachment else _MAX_RANGE) else _digest(pages)
    return "-".join(filter(None, (name, _ATTACHED + _digest(attachment)))) if attachment else name


def is_whole(scope: str) -> bool:
    """Whether a scope is that of a whole document: this one, or one that is attached to it."""
    return not scope or scope.startswith(_ATTACHED)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def result_key(key: str, scope: str = "") -> str:
    return f"{key}{FOLDER}{PART}{scope}.json" if scope else key + RESULT


def error_key(key: str) -> str:
    """Return the key of the report of a document that has no result at all."""
    return key + ERROR


def output_key(key: str, kind: str, scope: str = "") -> str:
    return f"{key}{FOLDER}{f'{PART}{scope}.' if scope else ''}{output_file(kind)}"


def output_file(kind: str) -> str:
    """Return the file of a kind of output; `part-2` is the result of a part of a batch, `part-2.text` its text."""
    part, _, inner = kind.partition(".")
    return OUTPUTS[kind] if kind in OUTPUTS else f"{part}.{OUTPUTS[inner] if inner else 'json'}"


def is_output(kind: str) -> bool:
    """Whether this is a kind of output, those of the parts of a batch included."""
    return kind in OUTPUTS or ((match := _SPLIT_PART.fullmatch(kind)) is not None and (match[1] or "text") in OUTPUTS)


def split_parts(key: str, written: Iterable[str], scope: str = "") -> dict[str, str]:
    """Return kind -> file name of what keys that were written beside a document are of the parts of a batch."""
    start = f"{key}{FOLDER}{f'{PART}{scope}.' if scope else ''}"
    kinds = {output_file(kind): kind for kind in OUTPUTS}
    matches = {}
    for name in sorted(written):
        match = _SPLIT_FILE.fullmatch(name.removeprefix(start)) if name.startswith(start) else None
        if match and (match[2] == "json" or match[2] in kinds):
            matches[match[1] if match[2] == "json" else f"{match[1]}.{kinds[match[2]]}"] = name.removeprefix(start)
    return matches


def review_key(key: str, scope: str = "") -> str:
    """Return the key of what people have corrected of a result."""
    return f"{key}{FOLDER}{f'{PART}{scope}.' if scope else ''}{REVIEW}"


def reviewed_document(review: str) -> tuple[str, str] | None:
    """Return the document of which a key holds the corrections, and the scope of the result; None for other keys."""
    source, folder, name = review.rpartition(FOLDER)
    if not folder or not source:
        return None
    if name == REVIEW:
        return source, ""
    match = _PART_RESULT.fullmatch(name.removesuffix(f".{REVIEW}") + ".json") if name.endswith(f".{REVIEW}") else None
    return (source, match[1]) if match else None


def parts(key: str) -> str:
    """Return the prefix of the keys of all results of parts of a document."""
    return key + FOLDER + PART


def part_of(key: str, result: str) -> str | None:
    """Return the scope of the part whose result of the document `key` this key is; None if it is another key."""
    folder = key + FOLDER
    match = _PART_RESULT.fullmatch(result.removeprefix(folder)) if result.startswith(folder) else None
    return match[1] if match else None


def source_of_part(result: str) -> str | None:
    """Return the document of which this key is the result of a part; None if it is another key."""
    source, folder, name = result.rpartition(FOLDER)
    return source if folder and _PART_RESULT.fullmatch(name) else None


def checkpoints(key: str) -> str:
    """Return the prefix of the keys of all checkpoints of a document."""
    return key + CHECKPOINTS


def is_checkpoint(key: str) -> bool:
    """Whether a key is a checkpoint, and no document of somebody's that lies in a folder `….ocr/pages/`."""
    _, folder, name = key.rpartition(FOLDER)
    return bool(folder) and _CHECKPOINT.fullmatch(name) is not None


def is_ours(key: str) -> bool:
    """Whether Folio writes keys like this one; reading its results as documents would loop for ever.

    A PDF of such a name may be a document all the same: `stores.ownership` looks at what lies beside it.
    """
    return _OWN.fullmatch(key) is not None


def is_held_back(key: str) -> bool:
    """Whether the bucket's rule calls no function for a key."""
    return _HELD_BACK.fullmatch(key) is not None


def source_of_pdf(key: str) -> str | None:
    """Return the document whose searchable PDF (or PDF/A) a key of this name would be; None if it is another key."""
    source, folder, name = key.rpartition(FOLDER)
    names = [OUTPUTS[kind] for kind in PDFS]
    is_pdf = name in names or (name.startswith(PART) and name.endswith(tuple(f".{each}" for each in names)))
    return source if folder and is_pdf and not key.startswith(JOBS) else None


def own_folder(key: str) -> str | None:
    """Return the folder that Folio made for a key of its own; None if it lies beside its document."""
    source, folder, _ = key.rpartition(FOLDER)
    return source + FOLDER.rstrip("/") if folder and not key.endswith((RESULT, ERROR)) else None


def may_be_folder(key: str) -> bool:
    """Consoles make "folders" as objects whose key ends in a slash; they are empty, and others are documents."""
    return key.endswith("/")


def fits(key: str) -> bool:
    """Whether the longest name that Folio may write beside the key is still a legal key."""
    return len(os.fsencode(key)) + len(_LONGEST_SUFFIX) <= MAX_KEY_BYTES


def printable(key: str) -> str:
    """Return a key as Unicode text: a name of this machine may hold bytes that are none."""
    return key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def job_folder(owner: str) -> str:
    return f"{JOBS}{owner}/"


def job_key(owner: str, job: str, name: str) -> str:
    return f"{job_folder(owner)}{job}/{name}"


def job_record(owner: str, job: str) -> str:
    """Return the key of a job's record, written before its document is there. `is_ours` holds for it."""
    return f"{job_folder(owner)}{job}{FOLDER}job.json"


def given_up(key: str) -> str:
    """Return the key of the file that says why a job's document is not tried any more."""
    return f"{key}{FOLDER}failed.json"


def claim(key: str) -> str:
    """Return the key of the file by which one worker of several has a document for itself."""
    return key + CLAIM


def idempotency_file(owner: str, digest: str, name: str) -> str:
    """Return the key of a file about a request with an Idempotency-Key, of which `digest` is the digest."""
    return f"{job_folder(owner)}{digest}{FOLDER}{name}"
