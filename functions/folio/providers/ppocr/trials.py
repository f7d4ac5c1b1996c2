"""Whether what is tried on each line of a page still pays: on some pages it gains nothing and doubles their time."""

_FIRST = 16  # that are tried in any case


class Trials:
    """How often something gained what it is tried for; it is given up below a share of `least`."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._tried = self._gained = 0

    def pay(self) -> bool:
        return self._tried < _FIRST or self._gained >= self._least * self._tried

    def count(self, *, gained: bool) -> bool:
        """Count one more and return whether it gained."""
        self._tried += 1
        self._gained += gained
        return gained
