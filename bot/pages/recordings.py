"""A recording or a picture of one matter, opened like its words: by who may read them, and never without a trace."""

from typing import Any

from bot.pages.visit import NOT_FOUND, Answer, Sent, Visit
from handlers.officer.scope import may_read
from handlers.petition import identity
from models.diary import note_of
from models.errors import Unreadable
from models.key import unseal_bytes
from models.media import Media, Stage, of_matter
from models.officer import day_of
from models.petition import Petition
from scheduler.media import FOLDER

LONGEST = 9  # digits of a row's number
PLAYED = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "video/mp4"})  # by a browser as it is


def file(visit: Visit) -> Answer:
    """The file itself; that it was opened, and by whom, is written down first."""
    number = visit.path["media"]
    media = visit.session.get(Media, int(number)) if len(number) <= LONGEST else None
    if media is None or media.stage != Stage.KEPT:
        return NOT_FOUND
    found = visit.session.get(Petition, media.petition) if media.petition else None
    if found is None and not _is_own_note(visit, media):
        return NOT_FOUND
    if found is not None and not may_read(visit.session, visit.who.scope, visit.who.role, found):
        return NOT_FOUND
    try:
        secret = visit.county.keys.secret(visit.session, media.key_id)
        sealed = (visit.data_dir / FOLDER / media.name).read_bytes()
        content = unseal_bytes(secret, sealed, FOLDER)
    except (Unreadable, OSError):
        return NOT_FOUND
    if found is not None:
        identity.view(visit.session, found, visit.who.account, visit.at)
    shown = media.media_type in PLAYED or media.media_type.startswith("image/")
    name = (
        f"{found.number if found else day_of(media.made_at)}-{media.id}.{media.media_type.partition('/')[2]}"
    )
    return Sent(content, media.media_type, saved_as="" if shown else name, private=True)


def _is_own_note(visit: Visit, media: Media) -> bool:
    """What a cadre spoke into his diary is opened by himself alone."""
    note = note_of(visit.session, media.message)
    return note is not None and note.account == visit.who.account


def of_page(visit: Visit, found: Petition) -> list[dict[str, Any]]:
    """What stands on the matter's page: players, pictures, and what could not be had."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "at": one.made_at,
            "stage": one.stage,
            "played": one.media_type in PLAYED,
            "confidence": one.confidence,
        }
        for one in of_matter(visit.session, found.identity)
    ]
