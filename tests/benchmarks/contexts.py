"""A pytest plugin for `make contexts`: coverage of processes that a test starts is recorded under that test too."""

import base64
import json
import os
from collections.abc import Iterator

import pytest

_CONFIG = "COVERAGE_PROCESS_CONFIG"  # how coverage.py hands its settings to processes; base64 of JSON


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if value := os.environ.get(_CONFIG):
        config = json.loads(base64.b64decode(value)) | {"context": f"sub|{item.nodeid}"}
        os.environ[_CONFIG] = base64.b64encode(json.dumps(config).encode()).decode()
    return (yield)
