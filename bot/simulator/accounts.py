"""The two accounts a county has on the platforms, as the platforms know them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WeChatAccount:
    """A certified service account. `original_id` is the `gh_` name messages are addressed to."""

    app_id: str
    app_secret: str
    token: str
    encoding_aes_key: str
    original_id: str = "gh_0a1b2c3d4e5f"


@dataclass(frozen=True)
class WeComAccount:
    """One self-built application of a corporation."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str
