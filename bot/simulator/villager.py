"""A villager's phone: following the official account, and what only a follower of it can do."""

from bot.simulator.phone import Line, Phone
from bot.simulator.seal import Fields
from bot.simulator.window import Deed, Window

ALWAYS = -1


class Villager(Phone):
    """One WeChat user. A new one follows already, but has no open customer-message window."""

    def __init__(self, line: Line, user: str, name: str = "") -> None:
        super().__init__(line, user, name)
        self.following = True
        self.window = Window()
        self.templates_refused = False
        self.consents: dict[str, int] = {}

    async def follows(self) -> list[str]:
        """Follows the account, found by its name."""
        self.following = True
        self._opens("follow")
        return await self._event("subscribe", {"EventKey": ""})

    async def scans(self, scene: str) -> list[str]:
        """Scans a printed code such as `v:370801`; whoever does not follow yet follows by it."""
        ticket = {"Ticket": f"simulated-{scene}"}
        self._opens("scan")
        if self.following:
            return await self._event("SCAN", {"EventKey": scene, **ticket})
        self.following = True
        return await self._event("subscribe", {"EventKey": f"qrscene_{scene}", **ticket})

    async def leaves(self) -> list[str]:
        """Stops following. Nothing reaches this phone any more."""
        self.following = False
        self.window.close()
        self.line.changed()
        return await self._event("unsubscribe", {"EventKey": ""})

    async def taps(self, key: str) -> list[str]:
        """Taps a button of the account's menu."""
        self._opens("menu")
        return await self._event("CLICK", {"EventKey": key})

    async def consents_to(self, template_id: str, times: int = 1) -> list[str]:
        """Allows `times` subscription notices (`ALWAYS` for the long-term kind) in the platform's window."""
        self.consents[template_id] = times
        return await self._popup(template_id, "accept")

    async def refuses(self, template_id: str) -> list[str]:
        """Says no to a subscription notice."""
        self.consents.pop(template_id, None)
        return await self._popup(template_id, "reject")

    async def told_of_template(self, message_id: int, status: str) -> list[str]:
        """The platform reports to the service what became of a template message to this phone."""
        return await self._event("TEMPLATESENDJOBFINISH", {"MsgID": message_id, "Status": status})

    def use_consent(self, template_id: str) -> bool:
        """Whether a subscription notice may arrive; a one-time consent is used up by it."""
        left = self.consents.get(template_id, 0)
        if left > 0:
            self.consents[template_id] = left - 1
        return left != 0

    def _speaks(self) -> None:
        if not self.following:
            raise ValueError(f"{self.user} does not follow the account")
        self._opens("message")

    def _opens(self, deed: Deed) -> None:
        self.window.open(deed, self.now)
        self.line.changed()

    async def _popup(self, template_id: str, answer: str) -> list[str]:
        self.line.changed()
        choice: Fields = {"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": 0}
        return await self._event("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": choice}})
