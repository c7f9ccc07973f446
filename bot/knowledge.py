"""The county's frozen knowledge, made anew only when the directory or the calendar in the database changed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from zoneinfo import ZoneInfo

import structlog

from bot.settings import Settings
from handlers.clocks import Clocks
from handlers.county import County
from handlers.petition.naming import People
from handlers.reader import Reader
from handlers.topic import PlaceName
from handlers.topic.ruleset import SHIPPED
from models.base import Session
from models.calendar import Calendar, calendar_version
from models.duty import directory_version, sealed_officers
from models.key import Keyring, decode_data_key
from models.lane_change import agreed, change_of
from models.office import Office
from models.place import county as county_of
from models.place import places
from models.retention import Times
from models.sealed import decode_key
from models.working_time import Span, WorkingTime, parse_spans

log = structlog.get_logger(__name__)
NO_COUNTY = "-"  # before a directory was loaded


class Knowledge:
    """Gives every transaction the county as it stands in that very database."""

    def __init__(self, settings: Settings, reader: Reader | None = None) -> None:
        self._settings = settings
        self._lock = Lock()
        self._keys: Keyring | None = None
        self._county: County | None = None
        self._versions: tuple[int, str, int] | None = None
        self._reader = reader
        self._reader_of: tuple[int, int] | None = (
            None  # the directory's and the lanes' version it was made with
        )
        self._rules = settings.rule_set
        self._spans = parse_spans(settings.clocks.working_hours)

    def county(self, session: Session, at: datetime) -> County:
        """The county for this transaction. RuleSetError, BadKey: what stops the service from starting."""
        with self._lock:
            versions = (directory_version(session), calendar_version(session), self._lanes_version(session))
            if self._county is None or versions != self._versions:
                self._county = self._made(session, at, versions)
                self._versions = versions
            return self._county

    def keys(self, session: Session, at: datetime) -> Keyring:
        if self._keys is None:
            self._keys = Keyring.of(session, decode_data_key(self._settings.service.data_key), at)
        return self._keys

    def _made(self, session: Session, at: datetime, versions: tuple[int, str, int]) -> County:
        top = county_of(session)
        settings = self._settings
        reader_of = (versions[0], versions[2])
        if self._reader is None or self._reader_of not in (None, reader_of):
            self._reader = self._read_rules(session)
        self._reader_of = reader_of
        return County(
            code=top.code if top else NO_COUNTY,
            keys=self.keys(session, at),
            reader=self._reader,
            working=_working(Calendar.load(session), self._spans, settings.zone),
            clocks=Clocks.of(settings.clocks.tiers, settings.clocks.warnings, tuple(settings.clocks.ladder)),
            task_hours=settings.outbox.hours,
            digest_at=settings.digest.daily_at,
            mostly_weight=settings.digest.mostly_weight,
            times=Times(**settings.retention.model_dump()),
            people=People.load(session, self._reader.plain),
            sealed_key=_sealed_key(settings),
            discipline_address=(settings.sealed.address if settings.sealed else "")
            or _discipline(session, at),
        )

    def _read_rules(self, session: Session) -> Reader:
        """The configured rule set; its own lanes only where two people agreed to them."""
        folder = self._rules
        if folder is not None and not self._may_decide(session, lanes_of(folder)):
            log.error("lanes not agreed to", rules=folder.name)
            known = agreed(session)
            with with_lanes(folder, known.files if known else {}) as instead:
                return Reader.load(instead, place_names(session))
        return Reader.load(folder, place_names(session))

    def unagreed(self, session: Session) -> dict[str, str] | None:
        """The lanes of the configured rule set, where nobody agreed to them yet. RuleSetError: they are broken."""
        files = lanes_of(self._rules) if self._rules else {}
        if self._may_decide(session, files):
            return None
        Reader.load(self._rules, place_names(session))  # what two people are asked about must at least work
        return files

    def _may_decide(self, session: Session, files: dict[str, str]) -> bool:
        if not files or files == lanes_of(SHIPPED):
            return True
        change = change_of(session, files)
        return change is not None and change.agreed_at is not None

    def _lanes_version(self, session: Session) -> int:
        """Changes when two people agreed to something; nothing is asked where only the shipped lanes are used."""
        known = agreed(session) if self._rules else None
        return known.id or 0 if known else 0


def lanes_of(folder: Path) -> dict[str, str]:
    """The lanes' files of a rule set, by name; none: it uses the shipped ones."""
    return {file.name: file.read_text("utf-8") for file in sorted((folder / "lanes").glob("*.toml"))}


@contextmanager
def with_lanes(folder: Path, files: dict[str, str]) -> Iterator[Path]:
    """The rule set as it would be with other lanes; without any, with the shipped ones."""
    with TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("lanes"))
        if files:
            (copy / "lanes").mkdir()
            for name, text in files.items():
                (copy / "lanes" / name).write_text(text, "utf-8")
        yield copy


def _discipline(session: Session, at: datetime) -> str:
    """Where an accusation may be brought when no address was configured: the discipline office of the directory."""
    officers = sealed_officers(session, at)
    office = session.get(Office, officers[0].office) if officers else None
    return office.name if office else ""


def _sealed_key(settings: Settings) -> bytes | None:
    """None also for the example's key, which is nobody's."""
    key = decode_key(settings.sealed.public_key) if settings.sealed else b""
    return None if key.startswith(b"example") else key or None


def place_names(session: Session) -> list[PlaceName]:
    """The directory's places as the gazetteer wants them."""
    return [
        PlaceName(place.code, place.name, tuple(place.aliases), place.parent, place.level)
        for place in places(session)
    ]


@lru_cache(maxsize=4)
def _working(calendar: Calendar, spans: tuple[Span, ...], zone: ZoneInfo) -> WorkingTime:
    """One layout of the months for as long as the calendar says the same."""
    return WorkingTime(spans, zone, calendar.is_workday)
