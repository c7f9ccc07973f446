"""From a believed callback to the reply: the wire's message becomes mail, the writer commits, the answer leaves."""

from collections.abc import Awaitable, Callable

from bot.knowledge import Knowledge
from bot.wire.message import Incoming
from bot.wording import Chinese
from bot.writer import Writer
from handlers import intake
from handlers.turn import Mail
from models.base import Session
from scheduler.clock import Clock


def answers(
    writer: Writer, knowledge: Knowledge, chinese: Chinese, clock: Clock
) -> Callable[[Incoming], Awaitable[str | None]]:
    """What a callback calls for the text of its reply."""

    async def answer(incoming: Incoming) -> str | None:
        mail = _mail(incoming)

        def act(session: Session) -> str:
            at = clock()
            return intake.receive(session, knowledge.county(session, at), mail, at, chinese.reply)

        return await writer.run(act) or None

    return answer


def _mail(incoming: Incoming) -> Mail:
    return Mail(
        channel=incoming.platform,
        sender=incoming.sender,
        key=incoming.key,
        kind=incoming.kind,
        text=incoming.text,
        event=incoming.event,
        event_key=incoming.event_key,
        media=incoming.media_id or "",
        label=" ".join(
            filter(None, [incoming.location.label if incoming.location else "", incoming.title, incoming.url])
        ),
        consents=tuple((one.template, one.accepted) for one in incoming.consents),
    )
