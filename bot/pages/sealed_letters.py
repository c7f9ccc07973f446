"""What people had sealed for the discipline office: its officer takes the ciphertext and opens it elsewhere."""

from bot.pages.visit import Answer, Moved, Sent, Shown, Visit
from models.sealed import as_lines, mark_handed_over, to_hand_over

HERE = "/console/sealed"


def waiting(visit: Visit) -> Answer:
    return Shown("sealed.html", {"count": len(to_hand_over(visit.session))})


def take(visit: Visit) -> Answer:
    letters = to_hand_over(visit.session)
    if not letters:
        return Moved(HERE)
    mark_handed_over(visit.session, letters, visit.at)
    name = f"sealed-{visit.at.astimezone(visit.county.zone):%Y%m%d-%H%M%S}.jsonl"
    return Sent(as_lines(letters).encode(), "application/x-ndjson", name)
