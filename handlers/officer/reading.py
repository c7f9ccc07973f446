"""What the staff may look at: their tasks, a masked text, the human queue, what is late."""

from handlers.digest.period import Kind
from handlers.digest.telling import so_far
from handlers.notices import about
from handlers.officer.finding import may_read, may_see, meant, scopes_of
from handlers.officer.mask import masked
from handlers.officer.scope import said_to_ends
from handlers.petition import identity
from handlers.petition.saying import known_as, said_in
from handlers.slip.address import address_for
from handlers.turn import OfficerTurn, Part, Reply
from models.petition import Petition, overdue, owned_by, unassigned, unreachable
from models.wording import Wording

SHOWN = 10  # matters in one reply; a WeCom text holds 2,048 bytes


def tasks(turn: OfficerTurn) -> Reply:
    mine = owned_by(turn.session, turn.officer.account)
    return _listed(turn, Wording.TASKS_HEAD, Wording.TASK, mine)


def queue(turn: OfficerTurn) -> Reply:
    return _listed(turn, Wording.QUEUE_HEAD, Wording.QUEUED, unassigned(turn.session))


def visits(turn: OfficerTurn) -> Reply:
    """Those who left the account: their matters are open, and no letter reaches them."""
    return _listed(turn, Wording.VISITS_HEAD, Wording.TO_VISIT, unreachable(turn.session))


def late(turn: OfficerTurn) -> Reply:
    return _listed(turn, Wording.LATE_HEAD, Wording.LATE, overdue(turn.session, turn.at))


def day(turn: OfficerTurn) -> Reply:
    return so_far(turn, Kind.DAY)


def week(turn: OfficerTurn) -> Reply:
    return so_far(turn, Kind.WEEK)


def month(turn: OfficerTurn) -> Reply:
    return so_far(turn, Kind.MONTH)


def see(turn: OfficerTurn) -> Reply:
    """The text of a matter, with numbers and names masked; who only counts is told where it stands."""
    petition = meant(turn, lambda one: one.is_open).petition
    reads = may_read(turn, petition)
    return Reply.of(
        Wording.SEEN,
        **about(turn.session, turn.county, petition),
        state=petition.state.value,
        reads=reads,
        texts=_opened(turn, petition) if reads else [],
        link=address_for(turn.session, turn.county, petition, ("officer", turn.officer.account), turn.at)
        if turn.officer.account == petition.owner
        else "",
    )


def _opened(turn: OfficerTurn, petition: Petition) -> list[str]:
    """The villager's words, masked. That they were opened, and by whom, is written down first."""
    identity.view(turn.session, petition, turn.officer.account, turn.at)
    name = known_as(turn.session, turn.county, petition).name
    said = [masked(words, [name]) for words in said_in(turn.session, turn.county, petition)]
    return said + said_to_ends(turn.session, turn.county, petition)


def _listed(turn: OfficerTurn, head: Wording, line: Wording, petitions: list[Petition]) -> Reply:
    scopes = scopes_of(turn.session, turn.officer)
    petitions = [one for one in petitions if may_see(scopes, turn.officer, one)]
    lines = [
        Part(
            line,
            about(turn.session, turn.county, one)
            | {"state": one.state.value, "offered": one.offered_to == turn.officer.account},
        )
        for one in petitions[:SHOWN]
    ]
    return Reply.of(head, count=len(petitions), shown=len(lines)) + Reply(tuple(lines))
