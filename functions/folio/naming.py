"""Where things lie beside a source, and which keys are ours."""

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
}

MAX_KEY_BYTES = 1024  # Amazon S3's limit


def result_key(key: str) -> str:
    return key + RESULT


def error_key(key: str) -> str:
    return key + ERROR


def output_key(key: str, kind: str) -> str:
    return key + FOLDER + OUTPUTS[kind]


def is_ours(key: str) -> bool:
    """Whether Folio wrote this key itself: reading it would loop for ever."""
    return key.endswith((RESULT, ERROR)) or FOLDER in key


def is_folder_marker(key: str) -> bool:
    """Consoles make "folders" as empty objects whose key ends in a slash."""
    return key.endswith("/")


def fits(key: str) -> bool:
    """Whether the longest name beside the key is still a legal key."""
    longest = max(len(error_key("")), *(len(output_key("", kind)) for kind in OUTPUTS))
    return len(key.encode()) + longest <= MAX_KEY_BYTES
