"""The tables of `config.toml`: their keys and what each means when it is left out."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.values import (
    Addresses,
    AesKey,
    DatabaseUrl,
    DataKey,
    Hours,
    NightHours,
    Parts,
    PublicKey,
    Rungs,
    Seasons,
    Secret,
    Spans,
    Tiers,
    Zone,
    hour_pair,
    season,
)


class Section(BaseModel):
    """A table of the file. An unknown key is a slip of the pen, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Section):
    """The service itself."""

    name: str = "lianxin"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535, strict=True)
    public_url: str = ""
    timezone: Zone = "Asia/Shanghai"
    data_dir: Path = Path("var")
    data_key: DataKey
    metrics_token: str = ""
    trusted_proxies: Addresses = []


class DatabaseSettings(Section):
    """SQLite in one file, or PostgreSQL."""

    url: DatabaseUrl = "sqlite:///var/lianxin.db"


class WechatSettings(Section):
    """The official account."""

    app_id: Secret
    app_secret: Secret
    token: Secret
    encoding_aes_key: AesKey
    previous_encoding_aes_key: AesKey | Literal[""] = ""
    mode: Literal["aes", "plain"] = "aes"
    api_base_url: str = "https://api.weixin.qq.com"
    templates: dict[str, str] = {}


class WecomSettings(Section):
    """The staff's WeCom application."""

    corp_id: Secret
    agent_id: int = Field(strict=True)
    secret: Secret
    token: Secret
    encoding_aes_key: AesKey
    api_base_url: str = "https://qyapi.weixin.qq.com"


class WecomBotSettings(Section):
    """The robot that reads @-questions of cadres."""

    token: Secret
    encoding_aes_key: AesKey


class GroupRobot(Section):
    """A cadres' group: its webhook's key is all it has."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    key: Secret
    place: str


class Relay(Section):
    """Another lawful source. Two secrets during a change. `reply_url`: where the exchange hears of ends."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    secrets: Annotated[list[Secret], Field(min_length=1, max_length=2)]
    reply_url: str = ""


class SmsSettings(Section):
    """The SMS gateway."""

    api_url: Secret
    secret: Secret


class SpeechSettings(Section):
    """Whatever recognises speech: a command, or an HTTP service; and what makes recordings playable."""

    command: list[str] = []
    url: str = ""
    convert: list[str] = []
    timeout: float = Field(default=60, gt=0, le=600)
    confidence: float = Field(default=0.6, ge=0, le=1)


class RoutingSettings(Section):
    """A rule set's folder; empty: the one shipped."""

    rules: str = ""


class ClockSettings(Section):
    """Working hours, tiers, warnings, ladder."""

    working_hours: Spans = ["08:30-12:00", "14:00-17:30"]
    tiers: Tiers = {}
    warnings: Parts = (0.5, 0.8)
    ladder: Rungs = [0, 7, 14, 21, 28]


class OutboxSettings(Section):
    """How letters leave."""

    concurrency: int = Field(default=50, ge=1, le=1000)
    timeout: float = Field(default=10, gt=0, le=60)
    task_hours: Hours = "08:00-20:00"

    @property
    def hours(self) -> tuple[time, time] | None:
        return hour_pair(self.task_hours) if self.task_hours else None


class StudySettings(Section):
    """How study reaches members."""

    quiet_hours: NightHours = "21:00-07:30"
    farm_season: Seasons = []
    farm_hour: time = time(19, 30)
    patience_days: int = Field(default=3, ge=1, le=30)
    lasting_consent: bool = Field(default=False, strict=True)

    @property
    def quiet(self) -> tuple[time, time] | None:
        return hour_pair(self.quiet_hours, night=True) if self.quiet_hours else None

    @property
    def seasons(self) -> list[tuple[str, str]]:
        return [season(entry) for entry in self.farm_season]


class DigestSettings(Section):
    """What supervisors read."""

    daily_at: time = time(8, 0)
    mostly_weight: float = Field(default=0.6, ge=0, le=1)


class HardshipSettings(Section):
    """Matters nobody but a person dispatches, with a named owner and day: codes of leaves or of whole tops."""

    categories: list[Annotated[str, Field(pattern=r"^\d{2}(\d{2})?$")]] = []


class RetentionSettings(Section):
    """How long things are kept, in days after the end."""

    texts: int = Field(default=365, ge=1)
    voices: int = Field(default=30, ge=1)
    petitions: int = Field(default=1825, ge=1)


class SealedSettings(Section):
    """The discipline office's public key, base64, and where it receives letters and visitors."""

    public_key: PublicKey
    address: str = ""


class SimulatorSettings(Section):
    """Our stand-in for both platforms; on a loopback host only."""

    enabled: bool = Field(default=False, strict=True)
