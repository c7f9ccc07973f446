"""Every page, and who may open it. A route that is not in this table does not exist; a row without roles is refused.

To add a page: a row here, a view (a function from `Visit` to an answer), a template.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.pages import (
    accounts,
    advice,
    appeals,
    board,
    books,
    bulletins,
    courses,
    desk,
    entry,
    erasures,
    exports,
    figures,
    gradings,
    home,
    lane_changes,
    leave,
    lists,
    material,
    outbox,
    own_words,
    petition,
    petitions,
    questions,
    rechecks,
    recordings,
    sealed_letters,
    searches,
    similar,
    slip,
    study,
    year,
)
from bot.pages.files import desk_script, figures_stylesheet, mark, slip_stylesheet, stylesheet
from bot.pages.visit import Answer, Means, Visit
from models.errors import BadTable
from models.officer import Role

ANYBODY = "anybody"
STAFF = frozenset(Role)
WATCH = frozenset({Role.OPERATOR, Role.SUPERVISOR})
DESK = frozenset({Role.DISPATCHER})
DECIDE = DESK | {Role.SUPERVISOR}
OPERATE = frozenset({Role.OPERATOR})
DELIVERY = DESK | OPERATE
READ = WATCH | DESK  # figures
ROOM = frozenset({Role.CADRE, Role.DISPATCHER, Role.SUPERVISOR})  # who writes in the liaison room's books
SEALED = frozenset({Role.DISCIPLINE})
BRANCH = frozenset(
    {Role.CADRE, Role.DISPATCHER, Role.OPERATOR}
)  # the people of a branch: contacts and operators


@dataclass(frozen=True)
class Row:
    """One page."""

    method: str
    path: str
    view: Callable[[Visit], Answer]
    roles: frozenset[str]
    means: Means = Means.LOOK
    nav: str = ""  # its name in the row of links at the top, a key of words.toml


PUBLIC = frozenset({ANYBODY})

ROUTES = (
    Row("GET", "/console/", home.home, STAFF, nav="home"),
    Row("POST", "/console/leave", leave.change, STAFF, Means.WRITE),
    Row("GET", "/console/queue", lists.queue, DESK, nav="queue"),
    Row("GET", "/console/calls", lists.to_call, DESK, nav="calls"),
    Row("GET", "/console/petitions", petitions.petitions, STAFF, nav="petitions"),
    Row("POST", "/console/petitions/saved", searches.keep, STAFF, Means.WRITE),
    Row("POST", "/console/petitions/saved/{search:[0-9]+}", searches.drop, STAFF, Means.WRITE),
    Row("GET", "/console/login", entry.ask, PUBLIC, Means.OWN),
    Row("POST", "/console/login", entry.enter, PUBLIC, Means.OWN),
    Row("POST", "/console/logout", entry.leave, STAFF, Means.WRITE),
    Row("GET", "/console/petition/{number:[0-9]+}", petition.petition, STAFF, Means.WRITE),
    Row("POST", "/console/petition/{number:[0-9]+}", petition.act, STAFF, Means.OWN),
    Row("GET", "/console/desk", desk.page, DESK, nav="desk"),
    Row("POST", "/console/desk", desk.file_call, DESK, Means.WRITE),
    Row("POST", "/console/desk/look", desk.look_up, DESK),
    Row("GET", "/console/petition/{number:[0-9]+}/similar", similar.similar, STAFF, Means.WRITE),
    Row("GET", "/console/recheck", rechecks.checks, DECIDE, nav="recheck"),
    Row("GET", "/console/recheck/{check:[0-9]+}", rechecks.check, DESK, Means.WRITE),
    Row("POST", "/console/recheck/{check:[0-9]+}", rechecks.act, DESK, Means.WRITE),
    Row("GET", "/console/outbox", outbox.letters, DELIVERY, nav="outbox"),
    Row("POST", "/console/outbox/{letter:[0-9]+}", outbox.send_again, DELIVERY, Means.WRITE),
    Row("GET", "/console/accounts", accounts.accounts, WATCH, nav="accounts"),
    Row("POST", "/console/accounts", accounts.add, OPERATE, Means.WRITE),
    Row("POST", "/console/accounts/end", accounts.end, OPERATE, Means.WRITE),
    Row("GET", "/console/media/{media:[0-9]+}", recordings.file, STAFF, Means.WRITE),
    Row("GET", "/console/digest", figures.digests, READ, nav="digest"),
    Row("GET", "/console/bulletin", figures.show_bulletin, READ),
    Row("GET", "/console/bulletin.{form}", figures.bulletin_file, READ),
    Row("GET", "/console/book", figures.show_book, READ),
    Row("GET", "/console/measures", figures.show_measures, STAFF),
    Row("GET", "/console/warnings", appeals.show, READ | {Role.CADRE}, nav="warnings"),
    Row("POST", "/console/warnings/{office}/own", appeals.say, STAFF, Means.WRITE),
    Row("POST", "/console/warnings/{office}/sign", appeals.sign, frozenset({Role.SUPERVISOR}), Means.WRITE),
    Row("GET", "/console/grading", gradings.show, READ | {Role.CADRE}, nav="grading"),
    Row("POST", "/console/grading/{office}/own", gradings.say_own, STAFF, Means.WRITE),
    Row("POST", "/console/grading/{office}/sign", gradings.sign, frozenset({Role.SUPERVISOR}), Means.WRITE),
    Row("GET", "/console/retention", erasures.plans, WATCH, nav="retention"),
    Row("POST", "/console/retention/{plan:[0-9]+}", erasures.agree, WATCH, Means.WRITE),
    Row("GET", "/console/rules", lane_changes.changes, WATCH, nav="rules"),
    Row("POST", "/console/rules/{change:[0-9]+}", lane_changes.agree, WATCH, Means.WRITE),
    Row("GET", "/console/words", own_words.words, WATCH, nav="words"),
    Row("POST", "/console/words", own_words.propose, WATCH, Means.OWN),
    Row("POST", "/console/words/{word:[0-9]+}", own_words.decide, WATCH, Means.OWN),
    Row("GET", "/console/export", exports.lists, DECIDE, nav="export"),
    Row("POST", "/console/export", exports.ask, DESK, Means.WRITE),
    Row("POST", "/console/export/{export:[0-9]+}", exports.agree, DECIDE, Means.WRITE),
    Row("POST", "/console/export/{export:[0-9]+}/list", exports.take, DESK, Means.WRITE),
    Row("GET", "/console/sealed", sealed_letters.waiting, SEALED, nav="sealed"),
    Row("POST", "/console/sealed", sealed_letters.take, SEALED, Means.WRITE),
    Row("GET", "/console/study", study.visits, BRANCH, nav="study"),
    Row("POST", "/console/study/task/{task:[0-9]+}", study.tick, BRANCH, Means.WRITE),
    Row("GET", "/console/study/rate/{task:[0-9]+}", study.ask, BRANCH),
    Row("POST", "/console/study/rate/{task:[0-9]+}", study.rate, BRANCH, Means.WRITE),
    Row("GET", "/console/study/changes", study.proposals, BRANCH),
    Row("POST", "/console/study/change/{change:[0-9]+}", study.decide, BRANCH, Means.WRITE),
    Row("GET", "/console/study/labels", study.labels, BRANCH),
    Row("GET", "/console/study/ledger", study.book, BRANCH, nav="ledger"),
    Row("GET", "/console/study/ledger.xlsx", study.book_file, BRANCH),
    Row("GET", "/console/study/plan", courses.plan, BRANCH, nav="plan"),
    Row("POST", "/console/study/plan", courses.add_lesson, BRANCH, Means.WRITE),
    Row("GET", "/console/study/lesson/{lesson:[0-9]+}", courses.show_preview, BRANCH),
    Row("POST", "/console/study/lesson/{lesson:[0-9]+}", courses.take_out, BRANCH, Means.WRITE),
    Row("GET", "/console/study/notice", bulletins.notice, WATCH, nav="notice"),
    Row("POST", "/console/study/notice/{quarter:[0-9]+}", bulletins.sign_list, WATCH, Means.WRITE),
    Row("GET", "/study/{lesson:[0-9]+}", material.lesson, PUBLIC),
    Row("GET", "/study/file/{name}", material.file, PUBLIC),
    Row("GET", "/console/books", books.month, ROOM, nav="books"),
    Row("GET", "/console/books/year", year.report, ROOM),
    Row("GET", "/console/books/meeting", books.ask_meeting, ROOM, Means.OWN),
    Row("POST", "/console/books/meeting", books.add_meeting, ROOM, Means.OWN),
    Row("POST", "/console/books/errand", books.add_errand, ROOM, Means.WRITE),
    Row("POST", "/console/books/errand/{errand:[0-9]+}", books.return_errand, ROOM, Means.WRITE),
    Row("GET", "/console/books/notes", books.notes, ROOM),
    Row("POST", "/console/books/note/{note:[0-9]+}", books.act_on_note, ROOM, Means.OWN),
    Row("GET", "/console/advice", advice.answers, ROOM, nav="advice"),
    Row("GET", "/console/advice/{code}", advice.form, ROOM, Means.OWN),
    Row("POST", "/console/advice/{code}", advice.write, ROOM, Means.OWN),
    Row("GET", "/console/questions", questions.waiting, ROOM),
    Row("GET", "/console/questions/{number:[0-9]+}", questions.question, ROOM, Means.WRITE),
    Row("POST", "/console/questions/{number:[0-9]+}", questions.answer, ROOM, Means.OWN),
    Row("GET", "/board/", board.villages, PUBLIC),
    Row("GET", "/board/{place}", board.village, PUBLIC),
    Row("GET", "/console/board", board.postings, DECIDE, nav="board"),
    Row("POST", "/console/board", board.add, DECIDE, Means.WRITE),
    Row("POST", "/console/board/{posting:[0-9]+}", board.decide, DECIDE, Means.WRITE),
    Row("GET", "/p/{token}", slip.show, PUBLIC),
    Row("POST", "/p/{token}", slip.press, PUBLIC, Means.OWN),
    Row("GET", "/console/slip.css", slip_stylesheet, PUBLIC, Means.OWN),
    Row("GET", "/console/figures.css", figures_stylesheet, PUBLIC, Means.OWN),
    Row("GET", "/console/console.css", stylesheet, PUBLIC, Means.OWN),
    Row("GET", "/console/desk.js", desk_script, PUBLIC, Means.OWN),
    Row("GET", "/console/mark.svg", mark, PUBLIC, Means.OWN),
)


def check(rows: tuple[Row, ...]) -> None:
    """BadTable: a row nobody is named for, or two for one address."""
    seen = set()
    for row in rows:
        if not row.roles or not row.roles <= STAFF | PUBLIC:
            message = f"routes: {row.method} {row.path} does not say who may open it"
            raise BadTable(message)
        if (row.method, row.path) in seen:
            message = f"routes: {row.method} {row.path} stands there twice"
            raise BadTable(message)
        seen.add((row.method, row.path))


check(ROUTES)
