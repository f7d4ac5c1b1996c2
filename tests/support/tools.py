"""What a test needs of the machine, and who installs it."""

import shutil

import pytest

NO_TOOLS = "tesseract, poppler or fonts are not installed: make setup"
NO_DOCUMENTS = "the measuring documents are not in ../shared/data, and no part of this repository"

needs_tools = pytest.mark.skipif(
    not (shutil.which("tesseract") and shutil.which("pdftoppm")),
    reason=NO_TOOLS,
)
