"""A cadre's phone: the county's WeCom application on it."""

from bot.simulator.phone import Line, Phone


class Cadre(Phone):
    """One WeCom member, named by userid."""

    def __init__(self, line: Line, user: str, name: str = "") -> None:
        super().__init__(line, user, name)
        self.employed = True

    async def enters(self) -> list[str]:
        """Opens the application."""
        return await self._event("enter_agent", {"EventKey": ""})

    async def taps(self, key: str) -> list[str]:
        """Taps a button of the application's menu."""
        return await self._event("click", {"EventKey": key})

    def quits(self) -> None:
        """Is a member no longer: 81013 for whoever writes to nobody else."""
        self.employed = False
