"""Which keys of a bucket are documents, where an installation says so for one bucket and not for all."""

import re

_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_PATTERN = r"[^\s,=]+"
FILTERS = rf"{_BUCKET}={_PATTERN}(,{_BUCKET}={_PATTERN})*"


def is_document(filters: str, bucket: str, key: str) -> bool:
    """Return whether a key fits one of the bucket's patterns, in which * stands for anything; `filters` has the form of
    FILTERS. A bucket without a pattern has nothing but documents.
    """
    pairs = (pair.split("=", 1) for pair in filters.split(",") if pair)
    patterns = [pattern for name, pattern in pairs if name == bucket]
    return not patterns or any(_fits(key, pattern) for pattern in patterns)


def _fits(key: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), key, re.DOTALL) is not None
