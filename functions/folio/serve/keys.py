"""The keys that callers of a server send."""

import secrets
from collections.abc import Iterable


def accepted_key(keys: Iterable[str], sent: str) -> str | None:
    """Return the key that was sent if it is one of those accepted.

    All are compared, each in constant time: how long it takes tells nothing of a key.
    """
    matches = [key for key in keys if secrets.compare_digest(key.encode(), sent.encode())]
    return matches[0] if matches else None
