"""`config.toml` and the environment as typed settings; a mistake is one clear line: which key, what, what instead."""

import os
import tomllib
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from bot.sections import (
    ClockSettings,
    DatabaseSettings,
    DigestSettings,
    GroupRobot,
    HardshipSettings,
    OutboxSettings,
    Relay,
    RetentionSettings,
    RoutingSettings,
    SealedSettings,
    Section,
    Service,
    SimulatorSettings,
    SmsSettings,
    SpeechSettings,
    StudySettings,
    WechatSettings,
    WecomBotSettings,
    WecomSettings,
)
from models.errors import LianxinError

PREFIX = "LIANXIN_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadConfiguration(LianxinError):
    """One line that says which key is wrong, how, and what would be right."""


class Settings(Section):
    """Everything. A channel left out is switched off."""

    service: Service
    database: DatabaseSettings = DatabaseSettings()
    wechat: WechatSettings | None = None
    wecom: WecomSettings | None = None
    wecom_bot: WecomBotSettings | None = None
    group_robots: list[GroupRobot] = Field(default_factory=list)
    relays: list[Relay] = Field(default_factory=list)
    sms: SmsSettings | None = None
    speech: SpeechSettings | None = None
    routing: RoutingSettings = RoutingSettings()
    clocks: ClockSettings = ClockSettings()
    outbox: OutboxSettings = OutboxSettings()
    study: StudySettings = StudySettings()
    digest: DigestSettings = DigestSettings()
    hardships: HardshipSettings = HardshipSettings()
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
    if settings.rule_set is not None and not settings.rule_set.is_dir():
        message = f'{file}: routing.rules: {settings.rule_set} is no folder; write one that `lianxin learn` made, or ""'
        raise BadConfiguration(message)
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
