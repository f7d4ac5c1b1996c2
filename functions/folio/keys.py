"""Names of the files that Folio writes beside a source, and which keys are its own."""

RESULT = ".ocr.json"
ERROR = ".ocr.error.json"
FOLDER = ".ocr/"

# Kind of output -> its file in the folder beside the source.
OUTPUTS = {
    "text": "text.txt",
    "hocr": "hocr.html",
    "alto": "alto.xml",
    "markdown": "markdown.md",
    "csv": "tables.csv",
    "pdf": "searchable.pdf",
    "index": "index.json",  # of a long document; not an option
}

# Pages that were read while a document is being read (`folio.reading.checkpoint`), a folder for each reading.
CHECKPOINTS = FOLDER + "pages/"
CHECKPOINT_TAG = {"folio": "checkpoint"}
_LONGEST_SUFFIX = CHECKPOINTS + "0123456789abcdef-0123456789abcdef/0000001-0000008.failed.json"

JOBS = "folio-jobs/"  # documents that came over the API, each below its owner's folder

MAX_KEY_BYTES = 1024  # Amazon S3's limit


def result_key(key: str) -> str:
    return key + RESULT


def error_key(key: str) -> str:
    return key + ERROR


def output_key(key: str, kind: str) -> str:
    return key + FOLDER + OUTPUTS[kind]


def checkpoints(key: str) -> str:
    """Return the prefix of the keys of all checkpoints of a document."""
    return key + CHECKPOINTS


def is_checkpoint(key: str) -> bool:
    return CHECKPOINTS in key


def is_ours(key: str) -> bool:
    """Whether Folio wrote this key itself; reading it as a document would loop for ever."""
    return key.endswith((RESULT, ERROR)) or FOLDER in key


def is_folder_marker(key: str) -> bool:
    """Consoles make "folders" as empty objects whose key ends in a slash."""
    return key.endswith("/")


def fits(key: str) -> bool:
    """Whether the longest name that Folio may write beside the key is still a legal key."""
    return len(key.encode()) + len(_LONGEST_SUFFIX) <= MAX_KEY_BYTES


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


def idempotency_file(owner: str, digest: str, name: str) -> str:
    """Return the key of a file about a request with an Idempotency-Key, of which `digest` is the digest."""
    return f"{job_folder(owner)}{digest}{FOLDER}{name}"
