"""The SMS gateway: one signed POST a message, and how many messages a telephone company counts it as."""

import math

from bot.wire.outcome import Outcome
from bot.wire.reply import clean
from bot.wire.signature import SignedClient

# 3GPP TS 23.040 9.2.3.24.1: 140 bytes a message, of which a joined one gives six to its header.
ALONE, JOINED = 70, 67  # UCS-2 characters


def parts(text: str) -> int:
    """How many messages a text is; what lies beyond UCS-2 counts as two characters."""
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= ALONE else math.ceil(length / JOINED)


class SmsClient(SignedClient):
    """Sends texts."""

    async def send(self, message_id: str, phone: str, text: str) -> Outcome:
        """One text, with the number of messages it takes."""
        said = clean(text)
        return await self.post({"message_id": message_id, "to": phone, "text": said, "parts": parts(said)})
