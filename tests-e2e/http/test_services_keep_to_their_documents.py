"""Schemathesis, signed in as an administrator, holds each service to its own document."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from shared.testing.service import ServiceUnderTest

sys.path.append(str(Path(__file__).parent))  # this folder is no package

SERVICES = ("directory", "clients", "memberships", "documents", "notifications")
EXAMPLES = 100
"""For each operation."""


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_to_its_document_for_long(
    name: str, service_of: Callable[..., ServiceUnderTest], fuzz: Callable[..., None], sandbox: SandboxProcess
) -> None:
    service = service_of(name, **sandbox.settings)
    fuzz(service, import_module(f"prepared.{name}").prepare(service), EXAMPLES, thorough=True)
