"""From a draft without a fault to the tables: what is new, what changed, what is no longer there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.directory.draft import Draft
from handlers.directory.form import forms
from handlers.directory.standing import TABLES, Key, Standing, is_live, was_written_here
from models.base import Session, Table
from models.book import Household, household_phone, seal_household_phone
from models.duty import Duty
from models.key import Keyring
from models.member import Member, Way, open_field, seal_of
from models.officer import Officer, day_of, phone_of, seal_phone
from models.study.attempt import unlearn
from models.study.due import drop_planned_of

PEOPLE = frozenset({"place", "office", "officer"})
PLANNED_BY = ("branch", "kind", "zone")  # of a member: what says which lessons he gets, and at which hour


@dataclass
class Changes:
    """How many rows were added and changed (ended ones among them), and who left."""

    added: int = 0
    changed: int = 0
    left: list[str] = field(default_factory=list)
    people: bool = False  # whether the staff, their offices or where these lie are not what they were


def write(session: Session, keyring: Keyring, draft: Draft, standing: Standing, at: datetime) -> Changes:
    """Brings every sheet of the draft into its table. Flushes; the caller commits."""
    changes = Changes()
    for sheet, table in TABLES.items():
        if not draft.has(sheet):
            continue
        proposed = {record.key(forms()[sheet]) or (): record.values for record in draft.of(sheet)}
        for key, values in proposed.items():
            row = standing.rows[sheet].get(key)
            if was_written_here(row) or _says(keyring, row, values):
                continue
            changes.changed += row is not None
            changes.added += row is None
            changes.people |= sheet in PEOPLE
            joins = row is None or not is_live(row)
            if isinstance(row, Member) and is_live(row):
                _met_anew(session, keyring, row, values)
            filled = _filled(keyring, row or table(), values)
            if isinstance(filled, Member) and joins:
                filled.joined_on = day_of(at)
            session.add(filled)
        for key, row in standing.live(sheet).items():
            if key not in proposed and not was_written_here(row):
                changes.people |= sheet in PEOPLE
                _end(session, row, key, at, changes)
        session.flush()
    return changes


def _says(keyring: Keyring, row: Table | None, values: dict[str, Any]) -> bool:
    """Whether a row of today is already what the sheet says."""
    return row is not None and is_live(row) and _as_written(keyring, row, values) == values


def _as_written(keyring: Keyring, row: Table, values: dict[str, Any]) -> dict[str, Any]:
    """What the sheet must have said for this row to be as it is."""
    said = {name: getattr(row, name) for name in values}
    if isinstance(row, Officer):
        said["phone"] = phone_of(keyring, row)
    if isinstance(row, Household):
        said["phone"] = household_phone(keyring, row)
    if isinstance(row, Member):
        said |= {name: open_field(keyring, row, name) for name in ("name", "phone", "location")}
    return said


def _filled(keyring: Keyring, row: Table, values: dict[str, Any]) -> Table:
    plain = dict(values)
    if isinstance(row, Officer):
        plain["phone"], plain["phone_hash"] = seal_phone(keyring, plain["account"], plain["phone"])
        plain["left_at"] = None
    elif isinstance(row, Household):
        plain["phone"], plain["phone_hash"] = seal_household_phone(keyring, plain["code"], plain["phone"])
        plain["ended_at"] = None
    elif isinstance(row, Member):
        phone = plain["phone"]
        for name in ("name", "phone", "location"):
            plain[name] = seal_of(keyring, plain["code"], name, plain[name])
        plain["phone_hash"] = keyring.lookup("phone", phone) if phone else None
        plain["left_at"] = None
    elif not isinstance(row, Duty):
        plain["ended_at"] = None
    for name, value in plain.items():
        setattr(row, name, value)
    return row


def _met_anew(session: Session, keyring: Keyring, member: Member, values: dict[str, Any]) -> None:
    """A member is not what he was: what is planned for him is made anew, and a new number may be tried."""
    if any(getattr(member, name) != values[name] for name in PLANNED_BY):
        drop_planned_of(session, [member.code])
    if open_field(keyring, member, "phone") != values["phone"]:
        unlearn(session, member.code, Way.PHONE, Way.SMS)


def _end(session: Session, row: Any, key: Key, at: datetime, changes: Changes) -> None:
    if isinstance(row, Duty):
        session.delete(row)
        changes.changed += 1
        return
    if isinstance(row, Officer):
        row.left_at = at
        changes.left.append(str(key[0]))
    elif isinstance(row, Member):
        row.left_at = at
        row.name = row.phone = row.location = b""
        row.phone_hash = None
        changes.changed += 1
    else:
        row.ended_at = at
        changes.changed += 1
    session.add(row)
