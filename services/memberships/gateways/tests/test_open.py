"""What an installation must hold before it takes cards."""

from pathlib import Path

import pytest

from services.memberships.gateways.open import must_be_whole
from shared.config import BadConfiguration, load


def test_memberships_does_not_start_when_no_card_could_be_saved_for_an_account_at_stripe(tmp_path: Path) -> None:
    settings = {"FOYER_DATABASE_URL": "postgresql://none", "FOYER_SECRETS": str(tmp_path), "FOYER_GATEWAY": "stripe"}
    config = load("memberships", settings)
    (tmp_path / "stripe-key-madrid").write_text("sk_test_of_nobody")
    with pytest.raises(BadConfiguration, match="stripe-publishable-key-madrid"):
        must_be_whole(config)
    (tmp_path / "stripe-publishable-key-madrid").write_text("pk_test_of_nobody")
    must_be_whole(config)
