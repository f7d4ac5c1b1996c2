"""Clients made by generators from docs/openapi.json, at work: no warning when they are made, and no foreign answer."""

import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.api.conformance import ONE
from tests.support.paths import ROOT
from tests.support.processes.serving import KEY, Api, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("generators of clients, and a server")]

DOCUMENT = ROOT / "docs" / "openapi.json"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as api:
        yield api


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The package that openapi-python-client makes, found by its name."""
    folder = tmp_path_factory.mktemp("client")
    generate("openapi-python-client", "generate", "--path", str(DOCUMENT), "--output-path", str(folder / "made"))
    sys.path.insert(0, str(folder / "made"))
    yield "folio_client"
    sys.path.remove(str(folder / "made"))


def generate(program: str, *arguments: str) -> None:
    # Both put what they write in order by ruff, which they look for on PATH.
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"}
    ran = subprocess.run([BIN / program, *arguments], env=env, capture_output=True, text=True, timeout=120, check=False)
    told = ran.stdout + ran.stderr
    assert ran.returncode == 0, told
    assert "warning" not in told.casefold(), told


def of(package: str, module: str) -> Any:
    return importlib.import_module(f"{package}.{module}")


def test_a_generated_client_reads_documents(api: Api, client: str) -> None:
    caller = of(client, "client").AuthenticatedClient(
        base_url=api.url.rstrip("/"), token=KEY, prefix="", auth_header_name="X-Api-Key", timeout=60
    )
    models, types = of(client, "models"), of(client, "types")
    read = of(client, "api.default.read_document")
    sent = types.File(payload=io.BytesIO(ONE), file_name="one.pdf")
    as_it_is = read.sync(client=caller, body=sent, languages="eng", mode=models.ReadDocumentMode.GENERAL)
    form = read.sync(
        client=caller, body=models.ReadDocumentFilesBody(file=types.File(payload=ONE, file_name="one.pdf"), dpi=200)
    )
    for result in (as_it_is, form):
        assert isinstance(result, models.Result)
        assert result.text == "Larkfield"
        assert [len(word.polygon) for page in result.pages for line in page.lines for word in line.words] == [4]
    refused = read.sync(client=caller, body=types.File(payload=io.BytesIO(b"\x7fELF\x02\x01\x01")))
    assert isinstance(refused, models.ProblemDocument)
    assert (refused.status, bool(refused.hint)) == (415, True)


def test_a_generated_client_follows_a_job(api: Api, client: str) -> None:
    caller = of(client, "client").AuthenticatedClient(
        base_url=api.url.rstrip("/"), token=KEY, prefix="", auth_header_name="X-Api-Key", timeout=60
    )
    models, types = of(client, "models"), of(client, "types")
    job = of(client, "api.default.read_document").sync(
        client=caller,
        body=types.File(payload=io.BytesIO(ONE), file_name="one.pdf"),
        prefer=models.ReadDocumentPrefer.RESPOND_ASYNC,
    )
    assert isinstance(job, models.Job)
    api.finished(job.id)
    told = of(client, "api.default.get_job").sync(job.id, client=caller)
    assert (told.state, told.pages.done, told.pages.total) == (models.JobState.COMPLETE, 1, 1)
    page = of(client, "api.default.get_page").sync(job.id, 1, client=caller)
    assert page.text == "Larkfield"
    usable = [one.name for one in of(client, "api.default.get_providers").sync(client=caller) if one.usable]
    assert usable


def test_generated_models_take_the_answers(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "generated_models.py"
    arguments = ("--input", str(DOCUMENT), "--input-file-type", "openapi", "--output", str(made))
    generate(
        "datamodel-codegen", *arguments, "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "ruff-format"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    models = importlib.import_module("generated_models")
    told = api.read(ONE).content
    result = models.Result.model_validate_json(told)
    assert result.text == "Larkfield"
    assert json.loads(result.model_dump_json(by_alias=True))["pages"] == json.loads(told)["pages"]
    models.Job.model_validate(api.job(api.upload(ONE, filename="a.pdf")))
    models.ProblemDocument.model_validate_json(api.read(b"\x7fELF\x02\x01\x01").content)
