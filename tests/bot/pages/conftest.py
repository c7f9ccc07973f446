"""Passwords that cost nothing: the real parameters are looked at where accounts are made."""

import pytest

from bot.pages import passwords
from tests.bot.pages.browser import CHEAP


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    passwords._nobodys.cache_clear()
