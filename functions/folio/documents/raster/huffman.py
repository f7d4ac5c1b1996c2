"""Huffman codes of a JPEG's scan, decoded piece by window (ITU-T T.81, annex F)."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.errors import DamagedDocument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Numbers = NDArray[np.int32]
else:
    Numbers = object

_WINDOW_BITS = 1 << 20  # decoded at once; their tables take some 30 MB
_PADDING_BYTES = 600  # behind the data, where codes are looked up though nothing is read
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_RESTART = range(0xD0, 0xD8)
_END_OF_BLOCK = 64  # more coefficients than a block has
_NOWHERE = 1 << 30
_BROKEN = "The picture is damaged: its coding breaks off."


class Codes(Struct, frozen=True):
    """For each 16 bits that may come: how many of them are the next code (0: none is), and the code's symbol."""

    lengths: Numbers
    symbols: Numbers

    @classmethod
    def made(cls, counts: bytes, values: bytes) -> "Codes":
        """Make the table from how many codes there are of 1 to 16 bits, and their symbols in order."""
        import numpy as np

        lengths, symbols = np.zeros(1 << 16, np.int32), np.zeros(1 << 16, np.int32)
        code, at = 0, 0
        for length, count in enumerate(counts, start=1):
            for value in values[at : at + count]:
                start, end = code << (16 - length), (code + 1) << (16 - length)
                lengths[start:end], symbols[start:end] = length, value
                code += 1
            at, code = at + count, code << 1
        return cls(lengths, symbols)


class Entropy:
    """The coded data of a scan, interval by interval; `end` is where the next marker stands."""

    def __init__(self, data: bytes, offset: int) -> None:
        self._intervals: list[bytes] = []
        start = offset
        while marker := _MARKER.search(data, offset):
            offset = marker.end()
            if data[marker.start() + 1] not in _RESTART:
                break
            self._intervals.append(data[start : marker.start()])
            start = offset
        self.end = marker.start() if marker else len(data)
        self._intervals.append(data[start : self.end])
        self._next = 0

    def _next_interval(self) -> "_Bits":
        if self._next >= len(self._intervals):
            raise DamagedDocument(_BROKEN)
        self._next += 1
        return _Bits(self._intervals[self._next - 1].replace(b"\xff\x00", b"\xff"))

    def differences(self, codes: Sequence[Codes], count: int) -> Numbers:
        """Return the next interval's differences: `count` of each component, interleaved as `count` x components."""
        import numpy as np

        bits, decoded = self._next_interval(), list[Any]()
        missing = count
        while missing:
            peeked = bits.peek()
            following = [
                (lengths + np.where(symbols < 16, symbols, 0)).tolist()
                for lengths, symbols in ((code.lengths[peeked], code.symbols[peeked]) for code in codes)
            ]
            positions = _follow(following, len(peeked) - 64 * len(codes), missing)
            if not positions:
                raise DamagedDocument(_BROKEN)
            at = np.array(positions[:-1]).reshape(-1, len(codes))
            decoded.append(np.stack([_values(peeked, at[:, i], code) for i, code in enumerate(codes)], axis=1))
            missing -= len(at)
            bits.skip(positions[-1])
        bits.require_within()
        return np.concatenate(decoded)

    def blocks(self, tables: Sequence[tuple[Codes, Codes]], components: Sequence[int], units: int) -> Numbers:
        """Return the next interval's coefficients: units x blocks of a unit x 64, in zigzag order.

        `tables` and `components` are those of each block of a unit.
        """
        import numpy as np

        bits = self._next_interval()
        result = np.zeros((units * len(tables), 64), np.int32)
        done = 0
        while done < len(result):
            peeked = bits.peek()
            walk = _Walk(peeked, tables)
            limit = len(peeked) - 64 * 32  # a block has at most 64 codes of 32 bits with their values
            first = done % len(tables)
            walked, at = walk.run(first, len(result) - done, limit)
            if not walked:
                raise DamagedDocument(_BROKEN)
            walk.fill(result[done : done + walked], first)
            done += walked
            bits.skip(at)
        bits.require_within()
        for component in set(components):
            chosen = np.flatnonzero(np.tile(np.array(components) == component, units))
            result[chosen, 0] = np.cumsum(result[chosen, 0])
        return result


class _Bits:
    """The bits of an interval, looked at 16 at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def peek(self) -> Numbers:
        """Return the 16 bits at each of the next positions. Raises DamagedDocument behind the end."""
        import numpy as np

        self.require_within()
        start = self._at // 8
        window = self._data[start : start + _WINDOW_BITS // 8]
        padded = np.frombuffer(window + b"\xff" * _PADDING_BYTES * (len(window) < _WINDOW_BITS // 8), np.uint8).astype(
            np.int32
        )
        wide = (padded[:-2] << 16) | (padded[1:-1] << 8) | padded[2:]
        peeked: Numbers = ((wide[:, None] >> np.arange(8, 0, -1)) & 0xFFFF).ravel()
        return peeked[self._at % 8 :]

    def skip(self, count: int) -> None:
        self._at += count

    def require_within(self) -> None:
        """Raise DamagedDocument if more bits were taken than there are."""
        if self._at > 8 * len(self._data):
            raise DamagedDocument(_BROKEN)


def _follow(following: list[list[int]], limit: int, count: int) -> list[int]:
    """Return where codes begin that take turns, `count` of each at most, and where the last of them ends."""
    positions, position, turns = list[int](), 0, len(following)
    if turns == 1:
        steps = following[0]
        while position < limit and len(positions) < count:
            positions.append(position)
            position += steps[position] or _NOWHERE
    else:
        while position < limit and len(positions) < count * turns:
            for steps in following:
                positions.append(position)
                position += steps[position] or _NOWHERE
    if position >= limit + 64 * turns:
        raise DamagedDocument(_BROKEN)
    return [*positions, position] if positions else []


def _values(peeked: Numbers, positions: Numbers, codes: Codes) -> Numbers:
    """Return the numbers behind the codes at some positions, each of as many bits as its code says."""
    heads = peeked[positions]
    return _extended(peeked, positions + codes.lengths[heads], codes.symbols[heads])


def _extended(peeked: Numbers, positions: Numbers, sizes: Numbers) -> Numbers:
    import numpy as np

    raw = peeked[positions] >> (16 - np.minimum(sizes, 16))
    negative = (sizes > 0) & (raw < (1 << np.maximum(sizes - 1, 0)))
    values: Numbers = np.where(negative, raw - (1 << sizes) + 1, raw)
    return np.where((sizes == 0) | (sizes > 15), np.where(sizes > 15, 32768, 0), values).astype(np.int32)


class _Walk:
    """The way through the codes of blocks within one window."""

    def __init__(self, peeked: Numbers, tables: Sequence[tuple[Codes, Codes]]) -> None:
        self._peeked, self._tables = peeked, tables
        made: dict[int, tuple[list[int], list[int]]] = {}
        for codes in {id(code): code for pair in tables for code in pair}.values():
            made[id(codes)] = self._steps(codes)
        self._steps_of = [(made[id(dc)][0], *made[id(ac)]) for dc, ac in tables]
        self._dc: list[int] = []
        self._ac: list[int] = []
        self._per_block: list[int] = []

    def _steps(self, codes: Codes) -> tuple[list[int], list[int]]:
        """Return for each position by how many bits and by how many coefficients (of AC) the code there leads on."""
        import numpy as np

        lengths, symbols = codes.lengths[self._peeked], codes.symbols[self._peeked]
        bits = np.where(lengths > 0, lengths + (symbols & 15), _NOWHERE)
        run = (symbols >> 4) + 1
        return bits.tolist(), np.where((symbols & 15 > 0) | (symbols == 0xF0), run, _END_OF_BLOCK).tolist()

    def run(self, first: int, count: int, limit: int) -> tuple[int, int]:
        """Walk over `count` blocks or up to `limit` bits; return how many blocks they were and how many bits."""
        position, blocks, kinds = 0, 0, len(self._tables)
        dc, ac, per_block = self._dc, self._ac, self._per_block
        while blocks < count and position < limit:
            skip, bits, run = self._steps_of[(first + blocks) % kinds]
            dc.append(position)
            position += skip[position]
            index, before = 1, len(ac)
            while index < 64:
                if position >= limit + 64 * 32:
                    raise DamagedDocument(_BROKEN)
                ac.append(position)
                index += run[position]
                position += bits[position]
            per_block.append(len(ac) - before)
            blocks += 1
        return blocks, position

    def fill(self, blocks: Numbers, first: int) -> None:
        """Put the coefficients of the blocks walked over where they belong; those of DC as differences."""
        import numpy as np

        dc, ac, counts = np.array(self._dc), np.array(self._ac), np.array(self._per_block)
        kinds = (first + np.arange(len(blocks))) % len(self._tables)
        owner = np.repeat(np.arange(len(blocks)), counts)
        for kind, (dc_codes, ac_codes) in enumerate(self._tables):
            chosen = kinds == kind
            blocks[chosen, 0] = _values(self._peeked, dc[chosen], dc_codes)
            among = chosen[owner]
            positions, owners = ac[among], owner[among]
            heads = self._peeked[positions]
            symbols = ac_codes.symbols[heads]
            steps = np.where((symbols & 15 > 0) | (symbols == 0xF0), (symbols >> 4) + 1, 0)
            total = np.cumsum(steps)
            new = np.flatnonzero(np.diff(owners, prepend=-1))
            before = np.repeat(total[new] - steps[new], np.diff(np.append(new, len(owners))))
            index = total - before
            values = _extended(self._peeked, positions + ac_codes.lengths[heads], symbols & 15)
            real = (symbols & 15 > 0) & (index < 64)
            blocks[owners[real], index[real]] = values[real]
