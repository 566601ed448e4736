"""Schemathesis, signed in as an administrator, holds directory to its own document."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.testing.service import ServiceUnderTest

sys.path.append(str(Path(__file__).parent))  # this folder is no package
import prepared

Make = Callable[..., ServiceUnderTest]


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_directory_keeps_to_its_document_for_long(service_of: Make, fuzz: Callable[..., None]) -> None:
    service = service_of("directory")
    fuzz(service, prepared.directory(service), examples=100, thorough=True)
