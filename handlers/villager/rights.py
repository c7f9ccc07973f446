"""Everything held about a person, told to that person alone: in pages short enough for a chat."""

from collections.abc import Iterator
from datetime import datetime

from handlers.notices import SELF_HARM, office_name, place_name
from handlers.turn import Part, Reply, VillagerTurn
from models import processing
from models.consent import consents_of
from models.ledger import PetitionEvent, events_of
from models.member import open_field
from models.message import of_petition
from models.move import Verb
from models.office import Office
from models.officer import Officer
from models.petition import Petition
from models.processing import Ground
from models.study.binding import member_of
from models.text import Text, read
from models.view import View, views_of
from models.villager import profile_of
from models.wording import Wording

PAGE = 460  # letters; with our own words between, a page stays below 2,000 bytes
LINE = 20  # letters of our own in a line
PIECE = 300  # letters of a long text in one line
LAST_PAGE = 9
# Only the service's own bookkeeping is left out: it says nothing of the person.
UNTOLD = frozenset(
    {
        *(
            Verb.HEAR,
            Verb.SORT,
            Verb.QUEUE,
            Verb.WARN,
            Verb.CLIMB,
            Verb.ALARM,
            Verb.RESET_CLOCKS,
            Verb.CONTACT,
        ),
        *(
            Verb.VIEW,
            Verb.REVEAL,
            Verb.ASK_REVEAL,
            Verb.GRANT_REVEAL,
            Verb.REFUSE_REVEAL,
            Verb.EXPORT,
            Verb.EXCLUDE,
        ),
    }
)
TOLD_HIM = frozenset({Verb.ASK, Verb.PROGRESS, Verb.PROPOSE})


def is_hidden(petition: Petition) -> bool:
    """Whether somebody who looks at the telephone must not read what it is about."""
    return petition.lane == "protection" or petition.hazard == SELF_HARM


def overview(turn: VillagerTurn, petitions: list[Petition], page: int) -> Reply:
    """Who we think you are, your matters, who asked who you are, what you agreed to."""
    _log(turn)
    return _page(list(_overview(turn, petitions)), page, None, Part(Wording.RIGHTS_WHICH))


def whole(turn: VillagerTurn, petition: Petition, page: int) -> Reply:
    """One matter: what was said, done and opened, in the order of time."""
    _log(turn, petition)
    lines = sorted(_whole(turn, petition), key=lambda line: line[0])
    return _page([_matter(turn, petition), *(part for _, part in lines)], page, petition.number)


def _overview(turn: VillagerTurn, petitions: list[Petition]) -> Iterator[Part]:
    profile = profile_of(turn.session, turn.county.keys, turn.villager)
    place = place_name(turn.session, turn.villager.place or turn.villager.scanned_place)
    if any((profile.name, profile.phone, place)):
        yield Part(Wording.RIGHTS_HELD, {"name": profile.name, "phone": profile.phone, "place": place})
    else:
        yield Part(Wording.RIGHTS_NOTHING_HELD)
    member = member_of(turn.session, turn.villager.id or 0)
    if member is not None:
        branch = turn.session.get(Office, member.branch)
        opened = {name: open_field(turn.county.keys, member, name) for name in ("name", "phone", "location")}
        yield Part(
            Wording.RIGHTS_MEMBER,
            {
                "office": branch.name if branch else "",
                "name": opened["name"],
                "phone": opened["phone"],
                "where": opened["location"],
                "kind": member.kind,
                "ways": list(member.ways),
            },
        )
    shown = [petition for petition in petitions if not is_hidden(petition)]
    if shown:
        yield Part(Wording.RIGHTS_MATTERS, {"count": len(shown)})
    for petition in shown:
        yield _matter(turn, petition)
    for petition in shown:
        for _, part in _openings(turn, petition):
            yield part
    for one in consents_of(turn.session, turn.villager.id or 0):
        yield Part(
            Wording.RIGHTS_CONSENTED, {"at": one.at.isoformat(), "given": one.given, "purpose": one.purpose}
        )


def _matter(turn: VillagerTurn, petition: Petition) -> Part:
    fields = {"number": petition.number, "received_at": petition.received_at.isoformat()}
    if petition.forgotten_at is not None:
        return Part(Wording.RIGHTS_FORGOTTEN_MATTER, fields)
    return Part(
        Wording.RIGHTS_MATTER,
        fields
        | {
            "category": turn.county.category_name(petition.leaf),
            "place": place_name(turn.session, petition.place),
            "state": petition.state.value,
            "closed_at": petition.closed_at.isoformat() if petition.closed_at else None,
            "hidden": is_hidden(petition),
        },
    )


def _openings(turn: VillagerTurn, petition: Petition) -> Iterator[tuple[datetime, Part]]:
    """Who opened what, and when."""
    for view in views_of(turn.session, [petition.identity]):
        yield view.at, _opened(turn, petition, view)


def _opened(turn: VillagerTurn, petition: Petition, view: View) -> Part:
    officer = turn.session.get(Officer, view.account)
    return Part(
        Wording.RIGHTS_OPENED,
        {
            "at": view.at.isoformat(),
            "who": officer.name if officer else view.account,
            "office": office_name(turn.session, officer),
            "what": view.what,
            "number": petition.number,
        },
    )


def _whole(turn: VillagerTurn, petition: Petition) -> Iterator[tuple[datetime, Part]]:
    yield from _openings(turn, petition)
    for message in of_petition(turn.session, petition.identity):
        for piece in _pieces(turn, message.text):
            yield message.at, Part(Wording.RIGHTS_WORDS, {"at": message.at.isoformat(), "text": piece})
    for event in events_of(turn.session, petition.identity):
        verb = Verb(event.kind)
        if verb in TOLD_HIM:
            for piece in _pieces(turn, event.data.get("text_id")):
                yield event.at, Part(Wording.RIGHTS_TOLD, {"at": event.at.isoformat(), "text": piece})
        elif verb not in UNTOLD:
            yield event.at, _date(turn, event)


def _date(turn: VillagerTurn, event: PetitionEvent) -> Part:
    account = event.data.get("owner") or event.data.get("account")
    officer = turn.session.get(Officer, account) if account else None
    return Part(
        Wording.RIGHTS_DATE,
        {
            "at": event.at.isoformat(),
            "event": event.kind,
            "who": officer.name if officer else "",
            "office": office_name(turn.session, officer),
        },
    )


def _pieces(turn: VillagerTurn, text_id: int | None) -> list[str]:
    text = turn.session.get(Text, text_id) if text_id else None
    words = read(turn.session, turn.county.keys, text) if text else None
    return [words[start : start + PIECE] for start in range(0, len(words), PIECE)] if words else []


def _page(lines: list[Part], page: int, number: str | None, after: Part | None = None) -> Reply:
    """The lines of one page, and how to get the next."""
    pages: list[list[Part]] = [[]]
    room = PAGE
    for line in lines:
        cost = LINE + sum(len(str(value)) for value in line.fields.values())
        if cost > room and pages[-1]:
            pages.append([])
            room = PAGE
        pages[-1].append(line)
        room -= cost
    page = min(page, len(pages))
    shown = pages[page - 1]
    if page < min(len(pages), LAST_PAGE):
        shown = [*shown, Part(Wording.RIGHTS_NEXT_PAGE, {"number": number, "page": page + 1})]
    elif page < len(pages):
        shown = [*shown, Part(Wording.RIGHTS_REST_AT_DESK)]
    elif after is not None:
        shown = [*shown, after]
    return Reply(tuple(shown))


def _log(turn: VillagerTurn, petition: Petition | None = None) -> None:
    processing.log(
        turn.session,
        turn.county.code,
        "copy",
        Ground.REQUEST,
        turn.at,
        petition=petition.id if petition else None,
    )
