"""The chain's colour stays readable, whatever it is."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.web.appearance import INK, WHITE, _parsed, contrast, style_sheet, version_of


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_can_be_read_on_light_and_on_dark(number):
    light, dark = re.findall(r"--accent:(#[0-9a-f]{6})", style_sheet(f"#{number:06x}"))
    assert contrast(_parsed(light), WHITE) >= 4.5
    assert contrast(_parsed(dark), INK) >= 4.5


def test_a_changed_file_changes_the_address_of_all(tmp_path):
    (tmp_path / "a.js").write_text("1")
    before = version_of(tmp_path)
    (tmp_path / "a.js").write_text("2")
    assert version_of(tmp_path) != before
