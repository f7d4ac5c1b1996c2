"""How a long document is divided among several: pure bookkeeping, no store and no clock."""

from collections.abc import Sequence

from msgspec import Struct

MAX_CHUNKS = 2000  # so that the list of them is small beside the 256 KB that Step Functions carries


class Chunk(Struct, frozen=True, array_like=True):
    """The pages of a reading from index `first` to `last`, and the paid calls that may be made for them."""

    first: int
    last: int
    calls: int

    def indexes(self) -> range:
        return range(self.first, self.last + 1)


def plan(unread: Sequence[int], size: int, calls: int) -> list[Chunk]:
    """Return chunks of at most `size` pages whose indexes (rising) are unread, or of more pages if there were too many
    chunks.

    What lies between two of these indexes in one chunk is saved already. The remaining paid calls are shared out.
    """
    size = max(size, -(-len(unread) // MAX_CHUNKS))
    return [
        Chunk(part[0], part[-1], calls * len(part) // len(unread))
        for part in (unread[start : start + size] for start in range(0, len(unread), size))
    ]
