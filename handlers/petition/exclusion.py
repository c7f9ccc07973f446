"""Who must not hear of a matter: the person complained about and everybody near him.

Design: the person or office named; everyone in that office; everyone who reports to them at any depth; their
stand-ins and recusals, both ways; each superior who is himself in the set, in the same office, or related. Of
leaves that start at the township nobody hears whose office lies in the village; of protection and self-harm
nobody below the county. The set only ever grows: what
a matter is called later takes nobody out of it (regulation on petitions arts. 28(3), 30, 46).
"""

from collections.abc import Iterable
from datetime import datetime

from handlers.county import County
from handlers.petition.naming import Named, is_vague, words
from handlers.petition.saying import said_in
from models.base import Session
from models.duty import avoid_of, colleagues_of, reports_of, stand_ins_with, superiors_of
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition
from models.place import LOCAL, Level

SERVICE = Actor(Capacity.SERVICE)
REPORTS = frozenset({"complaint", "report"})
PRAISE = "praise"
HAZARDS = frozenset({"emergency", "protection"})
ATTITUDE = frozenset({"1106", "1205"})  # leaves that are about how somebody behaved and nothing else
WEAK = ("private", "village", "may_be_meant")  # reasons that a stronger one takes the place of
AUTHORITIES = frozenset({*LOCAL, Level.TOWNSHIP})


def above_village(county: County, petition: Petition) -> bool:
    """Whether nobody of the village may hear of it: by the leaf, or by leaf and kind."""
    rule = county.reader.above_village(petition.leaf) if petition.leaf else None
    return rule == "always" or (rule == "complaint" and petition.kind in REPORTS)


def exclude(session: Session, county: County, petition: Petition, at: datetime, *more: str) -> bool:
    """Looks who is complained about in everything said so far, and `more`; writes down who must not know.

    True: somebody is, but nobody can tell who; a person who cannot be meant has to decide.
    """
    text = county.reader.plain("\n".join([*said_in(session, county, petition), *more]))
    named = _named(county, petition, text)
    reasons: dict[str, str] = {}
    if petition.lane == "protection" or petition.hazard == "self_harm":
        reasons |= dict.fromkeys(county.people.may_be_meant(None), "private")
    if above_village(county, petition):
        reasons |= dict.fromkeys(county.people.of_village(petition.place), "village")
    if named.vague:
        reasons |= dict.fromkeys(county.people.may_be_meant(petition.place), "may_be_meant")
    for account, how in named.accounts.items():
        _add_with_all_near(session, account, how, reasons)
    fresh = {account: why for account, why in sorted(reasons.items()) if account not in petition.excluded}
    if fresh:
        move(session, petition, Verb.EXCLUDE, SERVICE, at, accounts=fresh)
        petition.excluded = sorted({*petition.excluded, *fresh})
        petition.support = [one for one in petition.support if one not in fresh]
        if petition.offered_to in fresh:
            petition.offered_to = None
    return named.vague


def may_concern_staff(county: County, said: str) -> bool:
    """Whether words said beside a matter are worth looking at again who must not know of it."""
    text = county.reader.plain(said)
    if words().blames(text) or words().suspects(text):
        return True
    return bool(county.people.named(text, None, frozenset(Level)).accounts)


def wishes_secrecy(county: County, said: str) -> bool:
    """Whether somebody is to be kept from hearing, whoever it is."""
    return words().secret.search(county.reader.plain(said)) is not None


def lacks_place(session: Session, county: County, petition: Petition) -> bool:
    """Whether only the place is missing to tell who is meant."""
    if petition.place is not None:
        return False
    return _named(county, petition, county.reader.plain("\n".join(said_in(session, county, petition)))).vague


def _named(county: County, petition: Petition, text: str) -> Named:
    """Nobody, unless it may be a complaint: by its leaf or kind, by words of blame, money or kin, or unsorted."""
    about_conduct = above_village(county, petition) or petition.kind == "report"
    blames = words().blames(text)
    complains = about_conduct or blames or petition.kind in REPORTS or petition.leaf is None
    in_danger = petition.lane in HAZARDS
    if petition.kind == PRAISE or not (complains or in_danger or words().suspects(text)):
        return Named()
    levels = {*AUTHORITIES, Level.COUNTY} if about_conduct else AUTHORITIES if blames else frozenset[Level]()
    # In danger help must come, whoever's office failed to: people count, institutions do not.
    named = county.people.named(text, petition.place, frozenset() if in_danger else levels)
    if petition.leaf in ATTITUDE or (petition.leaf is None and blames):
        named.vague = named.vague or is_vague(text)
    named.vague = named.vague and complains and not named.accounts and not in_danger
    return named


def _add_with_all_near(session: Session, account: str, how: str, reasons: dict[str, str]) -> None:
    """One person named, and who is near him; the first reason found for somebody stays."""
    officer = session.get(Officer, account)
    if officer is None:
        return
    _add(reasons, [account], f"named:{how}")
    _add(reasons, colleagues_of(session, officer.office), "office")
    _add(reasons, reports_of(session, account), "reports")
    _add(reasons, stand_ins_with(session, account), "stand_in")
    _add(reasons, avoid_of(session, account), "avoid")
    for above in superiors_of(session, account):
        tied = avoid_of(session, above.account) | stand_ins_with(session, above.account)
        if above.office == officer.office or account in tied:
            _add(reasons, [above.account], "superior")


def _add(reasons: dict[str, str], accounts: Iterable[str], why: str) -> None:
    for account in accounts:
        reasons[account] = why if reasons.get(account) in (None, *WEAK) else reasons[account]
