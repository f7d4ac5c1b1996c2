"""Items of lists, with the marks that they have on the page."""

import re

_BULLET = re.compile(r"[•·▪■◆●○◦‣⁃∙□◇►▶✓✔➢❖※★☆⚫*–—-]\s*")
_NUMBER = re.compile(r"(\d{1,9})[.)](?:\s+|(?=\D))")


def list_item(text: str) -> tuple[str, str]:
    """Return an item's number, and its text without mark. A mark that is neither a number nor a bullet stays."""
    if number := _NUMBER.match(text):
        return str(int(number[1])), text[number.end() :]
    bullet = _BULLET.match(text)
    return "", text[bullet.end() :] if bullet else text
