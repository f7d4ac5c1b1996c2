"""Whatever `pip install folio-ocr` brings may be used under terms like Folio's own: nothing of it is copyleft.

Programs and fonts in the layer are not part of the package; they have their own notice (NOTICE).
"""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

from tests.support.paths import ROOT

_COPYLEFT = re.compile(r"\b(?:AGPL|LGPL|GPL|EUPL|SSPL|CC-BY-SA|GNU)", re.IGNORECASE)


def brought() -> dict[str, str]:
    """Return name -> license of everything the package and its extra `mcp` depend on, as the packages say it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["mcp"]]
    waiting, licenses = [Requirement(one) for one in named], dict[str, str]()
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in licenses or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        said = [found.metadata.get("License-Expression") or found.metadata.get("License") or ""]
        said += [one for one in found.metadata.get_all("Classifier") or [] if one.startswith("License ::")]
        licenses[name] = "; ".join(one.splitlines()[0] for one in said if one.strip())
        waiting += [Requirement(one) for one in found.requires or []]
        for extra in wanted.extras:
            needs = (Requirement(one) for one in found.requires or [])
            waiting += [
                Requirement(str(one).partition(";")[0])
                for one in needs
                if one.marker and one.marker.evaluate({"extra": extra})
            ]
    return licenses


def test_every_dependency_says_its_license_and_none_is_copyleft() -> None:
    licenses = brought()
    assert len(licenses) > 20
    assert [name for name, terms in licenses.items() if not terms] == []
    assert {n: terms for n, terms in licenses.items() if _COPYLEFT.search(terms)} == {}


@pytest.mark.parametrize("terms", ["GPL-3.0-or-later", "GNU Affero General Public License v3", "LGPLv2+"])
def test_copyleft_is_noticed(terms: str) -> None:
    assert _COPYLEFT.search(terms)
    assert not _COPYLEFT.search("Apache-2.0; MIT; BSD-3-Clause; MPL-2.0")
