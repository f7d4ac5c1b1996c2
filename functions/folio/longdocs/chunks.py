"""How a long document is parted among several: pure bookkeeping, no store and no clock."""

from collections.abc import Sequence

from msgspec import Struct

MOST_CHUNKS = 2000  # so that the list of them is small beside the 256 KB that Step Functions carries


class Chunk(Struct, frozen=True, array_like=True):
    """The places `first` to `last` of a reading, and the paid calls that may be made for them."""

    first: int
    last: int
    calls: int

    def places(self) -> range:
        return range(self.first, self.last + 1)


def plan(unread: Sequence[int], size: int, calls: int) -> list[Chunk]:
    """Chunks of at most `size` places that are still to be read (rising), unless there were too many chunks.

    What lies between two of these places in one chunk is kept already. The paid calls that are left are shared out.
    """
    size = max(size, -(-len(unread) // MOST_CHUNKS))
    return [
        Chunk(some[0], some[-1], calls * len(some) // len(unread))
        for some in (unread[start : start + size] for start in range(0, len(unread), size))
    ]
