"""Whether what is tried on each line of a page still pays: on some pages it gains nothing and doubles their time."""

_FIRST = 16  # that are tried in any case


class Trials:
    """How often something gained what it is tried for; it is given up below a share of `least`."""

    def __init__(self, least: float, first: int = _FIRST) -> None:
        """`first` are those, of whatever is counted, that are tried in any case."""
        self._least = least
        self._first = first
        self._tried = self._gained = 0

    def pay(self) -> bool:
        return self._tried < self._first or self._gained >= self._least * self._tried

    def count(self, *, gained: bool) -> bool:
        """Count one more and return whether it gained."""
        self.count_many(1, gained=int(gained))
        return gained

    def count_many(self, tried: int, *, gained: int) -> None:
        """Count so many more, of which some gained."""
        self._tried += tried
        self._gained += gained
