"""The fixtures of Airflow's repository that the test of this overlay uses."""

import os

import pytest


@pytest.fixture(scope="session")
def overlay_namespace() -> str:
    return os.environ["OVERLAY_NAMESPACE"]


@pytest.fixture(scope="session")
def overlay_release_name() -> str:
    return os.environ["OVERLAY_RELEASE_NAME"]
