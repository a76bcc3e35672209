from collections.abc import Iterator

import pytest
import requests


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A client that takes no proxy from the environment."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
