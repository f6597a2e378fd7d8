"""Settings and `.env.example` say the same; production is strict."""

import base64
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.core.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
PRODUCTION = {
    "FRONTDESK_ENVIRONMENT": "production",
    "FRONTDESK_ROOT_KEY": base64.b64encode(bytes(32)).decode(),
    "PUBLIC_URL": "https://desk.example.org",
    "DEMO": "0",
}


def test_the_example_lists_every_setting_with_its_description() -> None:
    listed = re.findall(r"^# (.+)\n([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    wanted = [(field.description, field.alias) for field in Settings.model_fields.values()]
    assert [pair for pair in listed if pair in wanted] == wanted


@pytest.mark.parametrize(
    "change",
    [
        {"DEMO": "1"},
        {"FRONTDESK_SANDBOX": "1"},
        {"FRONTDESK_CLOCK_SHIFT_HOURS": "9"},
        {"FRONTDESK_ROOT_KEY": ""},
        {"PUBLIC_URL": "http://desk.example.org"},
    ],
)
def test_production_refuses_what_belongs_to_the_demo(change: dict[str, str]) -> None:
    Settings.model_validate(PRODUCTION)
    with pytest.raises(ValidationError):
        Settings.model_validate({**PRODUCTION, **change})
