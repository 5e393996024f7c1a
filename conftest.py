"""Names that every doctest may use without saying so."""

from typing import Any

import pytest
import torch


@pytest.fixture(autouse=True)
def _names_in_doctests(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["torch"] = torch
