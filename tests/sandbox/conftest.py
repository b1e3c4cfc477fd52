"""One sandbox process for all tests of a run; each test finds it as just started."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Sandbox  # noqa: E402
from flow import CALLBACK, OTHER_CLIENT, connect  # noqa: E402


@pytest.fixture(scope="session")
def process():
    with Sandbox(redirect_uris=[CALLBACK], project_clients=dict([OTHER_CLIENT])) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process):
    """A test that provokes violations takes them."""
    process.reset()
    yield process
    assert process.take_violations() == []


@pytest.fixture
def tokens(sandbox):
    """A connection of avery@example.com with all scopes."""
    return connect(sandbox)
