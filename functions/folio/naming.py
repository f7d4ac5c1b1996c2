"""Where things lie beside a source, and which keys are ours."""

RESULT = ".ocr.json"
ERROR = ".ocr.error.json"
FOLDER = ".ocr/"

MAX_KEY_BYTES = 1024  # Amazon S3's limit


def result_key(key: str) -> str:
    return key + RESULT


def error_key(key: str) -> str:
    return key + ERROR


def is_ours(key: str) -> bool:
    """Whether Folio wrote this key itself: reading it would loop for ever."""
    return key.endswith((RESULT, ERROR)) or FOLDER in key


def is_folder_marker(key: str) -> bool:
    """Consoles make "folders" as empty objects whose key ends in a slash."""
    return key.endswith("/")


def fits(key: str) -> bool:
    """Whether the longest name beside the key is still a legal key."""
    return len(error_key(key).encode()) <= MAX_KEY_BYTES
