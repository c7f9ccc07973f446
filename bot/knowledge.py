"""The county's frozen knowledge, made anew only when the directory or the calendar in the database changed."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from bot.settings import Settings
from handlers.advice.index import Index
from handlers.clocks import Clocks
from handlers.county import County
from handlers.petition.naming import People
from handlers.reader import Reader
from handlers.study.hours import StudyRules
from handlers.topic import PlaceName, RuleSetError
from handlers.topic.county_words import OwnWord, Written, with_words, written
from handlers.topic.ruleset import SHIPPED
from models.base import Session
from models.calendar import Calendar, calendar_version
from models.county_word import CountyWord, in_force, words_version
from models.directory import advice_version, directory_version
from models.duty import sealed_officers
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


class Versions(NamedTuple):
    """What a reading of the rule set depends on: the directory's places, the lanes two people agreed to, own words."""

    directory: int
    lanes: int
    words: int


class Instead(NamedTuple):
    """What takes the place of files, or stands beside them. `lanes`: None leaves the configured ones."""

    lanes: dict[str, str] | None
    words: tuple[OwnWord, ...]


class Knowledge:
    """Gives every transaction the county as it stands in that very database."""

    def __init__(self, settings: Settings, reader: Reader | None = None) -> None:
        self._settings = settings
        self._lock = Lock()
        self._reading = Lock()
        self._keys: Keyring | None = None
        self._county: County | None = None
        self._made_of: tuple[Versions, str, int, Reader] | None = None  # what the county was made of
        self._reader = reader
        self._reader_of: Versions | None = None  # what it was made with; none: whichever comes first
        self._rules = settings.rule_set
        self._spans = parse_spans(settings.clocks.working_hours)

    def county(self, session: Session, at: datetime, *, at_once: bool = False) -> County:
        """The county for this transaction. RuleSetError, BadKey: what stops the service from starting.

        `at_once`: somebody waits. Place names that were loaded just now are then read beside, which takes some
        seconds, and those known before serve meanwhile; all else is as it stands.
        """
        versions = Versions(directory_version(session), self._lanes_version(session), words_version(session))
        reader = self._reader_for(session, versions, at_once=at_once)
        made_of = (versions, calendar_version(session), advice_version(session), reader)
        with self._lock:
            if self._county is None or self._made_of != made_of:
                self._county = self._made(session, at, reader)
                self._made_of = made_of
            return self._county

    def _reader_for(self, session: Session, versions: Versions, *, at_once: bool) -> Reader:
        if self._reader is not None and self._reader_of in (None, versions):
            self._reader_of = versions
            return self._reader
        agreed_alike = self._reader_of is not None and self._reader_of[1:] == versions[1:]
        if self._reader is None or not at_once or not agreed_alike:
            return self._read_or_keep(versions, place_names(session), self._instead(session))
        if not self._reading.locked():
            known = (versions, place_names(session), self._instead(session))
            Thread(target=self._read_or_keep, args=known, daemon=True).start()
        return self._reader

    def _read_or_keep(self, versions: Versions, names: list[PlaceName], instead: Instead) -> Reader:
        """A rule set that was broken meanwhile does not stop a running service: it goes on with the one it has."""
        try:
            return self._read_rules(versions, names, instead)
        except RuleSetError as error:
            if self._reader is None:
                raise
            self._reader_of = versions  # it would fail again; the next start says so aloud
            log.warning("rule set refused, the running one stays", reason=str(error))
            return self._reader

    def _read_rules(self, versions: Versions, names: list[PlaceName], instead: Instead) -> Reader:
        """The configured rule set; with the lanes of `instead` where nobody agreed to its own."""
        with self._reading:
            if self._reader is None or self._reader_of != versions:
                self._reader, self._reader_of = self._loaded(names, instead), versions
            return self._reader

    def _loaded(self, names: list[PlaceName], instead: Instead) -> Reader:
        with ExitStack() as folders:
            folder = self._rules
            if folder is not None and instead.lanes is not None:
                folder = folders.enter_context(with_lanes(folder, instead.lanes))
            if instead.words:
                folder = folders.enter_context(with_words(folder, instead.words))
            return Reader.load(folder, names)

    def tried(self, session: Session, words: Iterable[CountyWord]) -> Reader:
        """As it would read with these words in force. RuleSetError: why it cannot."""
        lanes = self._lanes_instead(session)
        return self._loaded(place_names(session), Instead(lanes, _own(words)))

    def written(self) -> list[Written]:
        """What is written down in the configured rule set, before any change of the county's."""
        return list(written(self._rules))

    def _instead(self, session: Session) -> Instead:
        return Instead(self._lanes_instead(session), _own(in_force(session)))

    def keys(self, session: Session, at: datetime) -> Keyring:
        if self._keys is None:
            self._keys = Keyring.of(session, decode_data_key(self._settings.service.data_key), at)
        return self._keys

    def _made(self, session: Session, at: datetime, reader: Reader) -> County:
        top = county_of(session)
        settings = self._settings
        return County(
            code=top.code if top else NO_COUNTY,
            keys=self.keys(session, at),
            reader=reader,
            working=_working(Calendar.load(session), self._spans, settings.zone),
            clocks=Clocks.of(settings.clocks.tiers, settings.clocks.warnings, tuple(settings.clocks.ladder)),
            task_hours=settings.outbox.hours,
            digest_at=settings.digest.daily_at,
            study=_study(settings),
            mostly_weight=settings.digest.mostly_weight,
            times=Times(**settings.retention.model_dump()),
            people=People.load(session, reader.plain),
            advice=Index.load(session, reader),
            hardships=frozenset(settings.hardships.categories),
            sealed_key=_sealed_key(settings),
            discipline_address=(settings.sealed.address if settings.sealed else "")
            or _discipline(session, at),
            groups=_groups(settings),
        )

    def _lanes_instead(self, session: Session) -> dict[str, str] | None:
        """The lanes that decide in place of the configured ones; none: the configured ones may."""
        if self._rules is None or self._may_decide(session, lanes_of(self._rules)):
            return None
        log.error("lanes not agreed to", rules=self._rules.name)
        known = agreed(session)
        return known.files if known else {}

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


def _own(words: Iterable[CountyWord]) -> tuple[OwnWord, ...]:
    return tuple(
        OwnWord(one.leaf, one.word, one.weight, one.test, one.act, one.kind, tuple(one.bars)) for one in words
    )


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


def _groups(settings: Settings) -> dict[str, list[str]]:
    """The names of the cadres' groups by place."""
    groups: dict[str, list[str]] = {}
    for robot in settings.group_robots:
        groups.setdefault(robot.place, []).append(robot.name)
    return groups


def _discipline(session: Session, at: datetime) -> str:
    """Where an accusation may be brought when no address was configured: the discipline office of the directory."""
    officers = sealed_officers(session, at)
    office = session.get(Office, officers[0].office) if officers else None
    return office.name if office else ""


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
