"""What `folio doctor` says: one thing that was looked at, how it is, and what to do about it if it is wrong."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """`remedy` is empty for what is as it should be."""

    subject: str
    state: str
    remedy: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.remedy)
