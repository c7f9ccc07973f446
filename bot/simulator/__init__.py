"""Our own stand-in for WeChat and WeCom: used by the tests and by the demo, on this machine only."""

from bot.simulator.accounts import WeChatAccount, WeComAccount
from bot.simulator.clock import SimulatedClock
from bot.simulator.memory import Memory
from bot.simulator.page import page_app
from bot.simulator.screen import Member
from bot.simulator.simulator import Simulator

__all__ = ["Member", "Memory", "SimulatedClock", "Simulator", "WeChatAccount", "WeComAccount", "page_app"]
