"""The county's frozen knowledge, made anew only when the directory or the calendar in the database changed."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from bot.settings import Settings
from handlers.clocks import Clocks
from handlers.county import County
from handlers.petition.naming import People
from handlers.reader import Reader
from handlers.study.hours import StudyRules
from handlers.topic import PlaceName
from models.base import Session
from models.calendar import Calendar, calendar_version
from models.duty import directory_version
from models.key import Keyring, decode_data_key
from models.place import county as county_of
from models.place import places
from models.retention import Times
from models.sealed import decode_key
from models.working_time import Span, WorkingTime, parse_spans

NO_COUNTY = "-"  # before a directory was loaded


class Knowledge:
    """Gives every transaction the county as it stands in that very database."""

    def __init__(self, settings: Settings, reader: Reader | None = None) -> None:
        self._settings = settings
        self._lock = Lock()
        self._keys: Keyring | None = None
        self._county: County | None = None
        self._versions: tuple[int, str] | None = None
        self._reader = reader
        self._reader_of: int | None = None  # the directory's version it was made with
        self._spans = parse_spans(settings.clocks.working_hours)

    def county(self, session: Session, at: datetime) -> County:
        """The county for this transaction. RuleSetError, BadKey: what stops the service from starting."""
        with self._lock:
            versions = (directory_version(session), calendar_version(session))
            if self._county is None or versions != self._versions:
                self._county = self._made(session, at, versions)
                self._versions = versions
            return self._county

    def keys(self, session: Session, at: datetime) -> Keyring:
        if self._keys is None:
            self._keys = Keyring.of(session, decode_data_key(self._settings.service.data_key), at)
        return self._keys

    def _made(self, session: Session, at: datetime, versions: tuple[int, str]) -> County:
        top = county_of(session)
        settings = self._settings
        if self._reader is None or self._reader_of not in (None, versions[0]):
            self._reader = self._read_rules(session)
        self._reader_of = versions[0]
        return County(
            code=top.code if top else NO_COUNTY,
            keys=self.keys(session, at),
            reader=self._reader,
            working=_working(Calendar.load(session), self._spans, settings.zone),
            clocks=Clocks.of(settings.clocks.tiers, settings.clocks.warnings, tuple(settings.clocks.ladder)),
            task_hours=settings.outbox.hours,
            digest_at=settings.digest.daily_at,
            study=_study(settings),
            mostly_weight=settings.digest.mostly_weight,
            times=Times(**settings.retention.model_dump()),
            people=People.load(session, self._reader.plain),
            sealed_key=_sealed_key(settings),
            discipline_address=settings.sealed.address if settings.sealed else "",
        )

    def _read_rules(self, session: Session) -> Reader:
        rules = self._settings.routing.rules
        return Reader.load(self._settings.path(Path(rules)) if rules else None, place_names(session))


def _study(settings: Settings) -> StudyRules:
    study = settings.study
    templates = settings.wechat.templates if settings.wechat else {}
    return StudyRules(
        quiet=study.quiet,
        farm=tuple(study.seasons),
        farm_hour=study.farm_hour,
        patience=timedelta(days=study.patience_days),
        template=templates.get("study_reminder", ""),
        lasting=study.lasting_consent,
        sms=settings.sms is not None,
        address=settings.service.public_url.rstrip("/"),
    )


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
