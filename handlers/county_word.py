"""A county's own words: proposed with what they would move, published by another person."""

from collections import Counter
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.reader import Reader
from handlers.topic.replay import replay
from models import processing
from models.base import Session
from models.county_word import CountyWord
from models.errors import Refused
from models.message import latest_texts
from models.processing import Ground
from models.refusal import Refusal

REPLAYED = 400  # of the last texts that are still kept
LIGHTEST, HEAVIEST = 0.5, 5.0
SHOWN = 12  # ways


def moved_by(session: Session, county: County, fresh: Reader, by: str, at: datetime) -> dict[str, Any]:
    """What the last texts would do under the new words: how many, and from where to where; no text, no number."""
    texts = latest_texts(session, county.keys, REPLAYED)
    ways: Counter[tuple[str, str]] = Counter()
    for move in replay(county.reader, fresh, ((None, text) for text in texts)):
        told = move.as_dict()
        ways[_place(told["from"]), _place(told["to"])] += 1
    processing.log(session, county.code, "replay", Ground.DUTY, at, by=by, count=len(texts))
    return {
        "read": len(texts),
        "moved": ways.total(),
        "ways": [[before, after, count] for (before, after), count in ways.most_common(SHOWN)],
    }


def publish(session: Session, county: County, word: CountyWord, by: str, at: datetime) -> None:
    """In force from now on; never by whoever proposed it."""
    if word.published_at is not None or word.ended_at is not None:
        raise Refused(Refusal.NOT_YOUR_ROLE_HERE)
    if by == word.proposed_by:
        raise Refused(Refusal.SECOND_PERSON_ELSEWHERE)
    word.published_by, word.published_at = by, at
    session.add(word)
    session.let_go("county words")
    processing.log(session, county.code, "publish_word", Ground.DUTY, at, by=by)


def take_back(session: Session, county: County, word: CountyWord, by: str, at: datetime) -> None:
    """Out of force, or not proposed any more."""
    if word.ended_at is None:
        word.ended_by, word.ended_at = by, at
        session.add(word)
        session.let_go("county words")
        processing.log(session, county.code, "take_back_word", Ground.DUTY, at, by=by)


def _place(told: Any) -> str:
    """Lane or leaf; with a mark where it would be asked back."""
    where = told["category"] or told["lane"]
    return f"{where}?" if told["ask"] else str(where)
