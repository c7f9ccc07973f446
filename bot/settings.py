"""`config.toml` and the environment as typed settings; a mistake is one clear line: which key, what, what instead."""

import os
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.wire.limit import networks
from handlers.clocks import DEFAULT_TIERS, Length
from models.errors import BadKey, LianxinError
from models.key import decode_data_key
from models.sealed import decode_key
from models.working_time import parse_spans

PREFIX = "LIANXIN_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadConfiguration(LianxinError):
    """One line that says which key is wrong, how, and what would be right."""


def _aes_key(text: str) -> str:
    if len(text) != 43 or not text.isalnum():
        raise ValueError("43 letters and digits are needed, as the platform's console shows them")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('no such time zone; write one like "Asia/Shanghai"') from error
    return text


def _data_key(text: str) -> str:
    try:
        decode_data_key(text)
    except BadKey as error:
        raise ValueError(str(error).removeprefix("data_key: ")) from error
    return text


def _public_key(text: str) -> str:
    try:
        decode_key(text)
    except BadKey as error:
        raise ValueError(str(error)) from error
    return text


def _spans(entries: list[str]) -> list[str]:
    parse_spans(entries)
    return entries


def _hours(text: str) -> str:
    if text:
        _hour_pair(text)
    return text


def _night_hours(text: str) -> str:
    if text:
        _hour_pair(text, night=True)
    return text


def _seasons(entries: list[str]) -> list[str]:
    for entry in entries:
        _season(entry)
    return entries


def _season(entry: str) -> tuple[str, str]:
    try:
        first, last = (date.fromisoformat(f"2024-{part.strip()}") for part in entry.split(".."))
    except ValueError as error:
        raise ValueError('write "05-25..06-10"') from error
    return f"{first:%m-%d}", f"{last:%m-%d}"


def _hour_pair(text: str, *, night: bool = False) -> tuple[time, time]:
    try:
        first, last = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ValueError('write "08:00-20:00", or "" for at any time') from error
    if first == last or (first > last and not night):
        raise ValueError('ends before it starts; write "08:00-20:00"')
    return first, last


def _rising(numbers: Any) -> Any:
    if list(numbers) != sorted(set(numbers)):
        raise ValueError("each has to be larger than the one before")
    return numbers


def _addresses(entries: list[str]) -> list[str]:
    try:
        networks(entries)
    except ValueError as error:
        raise ValueError(f"{error}; write addresses or networks like 10.0.0.2 or 10.0.0.0/8") from error
    return entries


def _tiers(tiers: dict[str, str]) -> dict[str, str]:
    for name, text in tiers.items():
        if name not in DEFAULT_TIERS:
            raise ValueError(f"unknown tier {name}; there are {', '.join(DEFAULT_TIERS)}")
        Length.parse(text)
    return tiers


AesKey = Annotated[str, AfterValidator(_aes_key)]
Secret = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A table of the file. An unknown key is a slip of the pen, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Section):
    """The service itself."""

    name: str = "lianxin"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535, strict=True)
    public_url: str = ""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    data_dir: Path = Path("var")
    data_key: Annotated[str, AfterValidator(_data_key)]
    metrics_token: str = ""
    trusted_proxies: Annotated[list[str], AfterValidator(_addresses)] = []


class DatabaseSettings(Section):
    """SQLite in one file, or PostgreSQL."""

    url: Annotated[str, Field(pattern=r"^(sqlite:///|postgres(ql)?://)")] = "sqlite:///var/lianxin.db"


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

    name: str
    key: Secret
    place: str


class Relay(Section):
    """Another lawful source. Two secrets during a change."""

    id: Secret
    secrets: Annotated[list[Secret], Field(min_length=1, max_length=2)]


class SmsSettings(Section):
    """The SMS gateway."""

    api_url: Secret
    secret: Secret


class RoutingSettings(Section):
    """A rule set's folder; empty: the one shipped."""

    rules: str = ""


class ClockSettings(Section):
    """Working hours, tiers, warnings, ladder."""

    working_hours: Annotated[list[str], AfterValidator(_spans)] = ["08:30-12:00", "14:00-17:30"]
    tiers: Annotated[dict[str, str], AfterValidator(_tiers)] = {}
    warnings: Annotated[
        tuple[Annotated[float, Field(gt=0, lt=1)], Annotated[float, Field(gt=0, lt=1)]],
        AfterValidator(_rising),
    ] = (0.5, 0.8)
    ladder: Annotated[
        list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=5), AfterValidator(_rising)
    ] = [
        0,
        7,
        14,
        21,
        28,
    ]


class OutboxSettings(Section):
    """How letters leave."""

    concurrency: int = Field(default=50, ge=1, le=1000)
    timeout: float = Field(default=10, gt=0, le=60)
    task_hours: Annotated[str, AfterValidator(_hours)] = "08:00-20:00"

    @property
    def hours(self) -> tuple[time, time] | None:
        return _hour_pair(self.task_hours) if self.task_hours else None


class StudySettings(Section):
    """How study reaches members."""

    quiet_hours: Annotated[str, AfterValidator(_night_hours)] = "21:00-07:30"
    farm_season: Annotated[list[str], AfterValidator(_seasons)] = []
    farm_hour: time = time(19, 30)
    patience_days: int = Field(default=3, ge=1, le=30)
    lasting_consent: bool = Field(default=False, strict=True)

    @property
    def quiet(self) -> tuple[time, time] | None:
        return _hour_pair(self.quiet_hours, night=True) if self.quiet_hours else None

    @property
    def seasons(self) -> list[tuple[str, str]]:
        return [_season(entry) for entry in self.farm_season]


class DigestSettings(Section):
    """What supervisors read."""

    daily_at: time = time(8, 0)
    mostly_weight: float = Field(default=0.6, ge=0, le=1)


class RetentionSettings(Section):
    """How long things are kept, in days after the end."""

    texts: int = Field(default=365, ge=1)
    voices: int = Field(default=30, ge=1)
    petitions: int = Field(default=1825, ge=1)


class SealedSettings(Section):
    """The discipline office's public key, base64, and where it receives letters and visitors."""

    public_key: Annotated[str, AfterValidator(_public_key)]
    address: str = ""


class SimulatorSettings(Section):
    """Our stand-in for both platforms; on a loopback host only."""

    enabled: bool = Field(default=False, strict=True)


class Settings(Section):
    """Everything. A channel left out is switched off."""

    service: Service
    database: DatabaseSettings = DatabaseSettings()
    wechat: WechatSettings | None = None
    wecom: WecomSettings | None = None
    wecom_bot: WecomBotSettings | None = None
    group_robots: list[GroupRobot] = []
    relays: list[Relay] = []
    sms: SmsSettings | None = None
    routing: RoutingSettings = RoutingSettings()
    clocks: ClockSettings = ClockSettings()
    outbox: OutboxSettings = OutboxSettings()
    study: StudySettings = StudySettings()
    digest: DigestSettings = DigestSettings()
    retention: RetentionSettings = RetentionSettings()
    sealed: SealedSettings | None = None
    simulator: SimulatorSettings = SimulatorSettings()
    folder: Path = Path()  # where the file stands; relative paths start here

    @property
    def rule_set(self) -> Path | None:
        """The folder of the rule set in use; None: the one shipped."""
        return self.path(self.routing.rules) if self.routing.rules else None

    def path(self, relative: Path | str) -> Path:
        return self.folder / relative

    @property
    def database_url(self) -> str:
        """The URL with SQLite's file made absolute."""
        url = self.database.url
        if url.startswith("sqlite:///"):
            return f"sqlite:///{self.path(url.removeprefix('sqlite:///'))}"
        return url

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.service.timezone)

    @property
    def simulated(self) -> bool:
        return self.simulator.enabled


def load(file: Path, environment: dict[str, str] | None = None) -> Settings:
    """Reads the file, lets the environment overrule it, checks everything. BadConfiguration: one line."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{file}: no such file; `lianxin init` writes one"
        raise BadConfiguration(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        message = f"{file}: not readable as TOML: {error}"
        raise BadConfiguration(message) from error
    _overrule(table, dict(os.environ) if environment is None else environment)
    if "folder" in table:
        message = f"{file}: folder: unknown key; look at config.example.toml"
        raise BadConfiguration(message)
    try:
        settings = Settings(**table, folder=file.resolve().parent)
    except ValidationError as error:
        raise BadConfiguration(f"{file}: {_line(error)}") from error
    _check_loopback(file, settings)
    return settings


def _overrule(table: dict[str, Any], environment: dict[str, str]) -> None:
    """`LIANXIN_SECTION__KEY` stands in for the file's key, above all for secrets."""
    for name, value in environment.items():
        if not name.startswith(PREFIX) or "__" not in name:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if isinstance(table.setdefault(section, {}), dict):
            table[section][key] = _typed(section, key, value)


def _typed(section: str, key: str, value: str) -> Any:
    """An environment's text as the file would hold it: a number or list where the key wants one."""
    known = Settings.model_fields.get(section)
    wanted = (
        next((one for one in _models(known.annotation) if key in one.model_fields), None) if known else None
    )
    if wanted is None or str in (annotation := wanted.model_fields[key].annotation, *get_args(annotation)):
        return value
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def _models(annotation: Any) -> list[type[Section]]:
    return [
        one
        for one in (annotation, *get_args(annotation))
        if isinstance(one, type) and issubclass(one, Section)
    ]


def _check_loopback(file: Path, settings: Settings) -> None:
    here = settings.service.host in LOOPBACK
    if settings.wechat is not None and settings.wechat.mode == "plain" and not here:
        message = f'{file}: wechat.mode: "plain" is for a loopback host only; write "aes"'
        raise BadConfiguration(message)
    if settings.simulated and not here:
        message = (
            f'{file}: simulator.enabled: for a loopback host only; write false, or service.host = "127.0.0.1"'
        )
        raise BadConfiguration(message)


def _line(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    kind = first["type"]
    if kind == "extra_forbidden":
        return f"{key}: unknown key; look at config.example.toml"
    if kind == "missing":
        return f"{key}: missing; look at config.example.toml, or run `lianxin init`"
    return f"{key}: {first['msg'].removeprefix('Value error, ')}"
