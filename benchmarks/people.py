"""Who lives and works in a large county: twelve townships more than the sample has, and their villagers."""

from datetime import datetime

from sqlalchemy import Connection

from models import pending
from models.key import Key
from models.office import Office
from models.officer import Officer
from models.place import Level, Place
from models.villager import Villager
from tests.world import World

VILLAGERS, PEOPLE = 40_000, 9_000_000  # how many, and from which id on
TOWNSHIPS, VILLAGES, CADRES = range(4, 16), range(1, 21), 5
SLICE = 2000  # rows written at once


def enlarge(world: World) -> None:
    """Twelve townships more, each with its villages, an office, a clerk and cadres."""
    with world.service.database.transaction() as session:
        for number in TOWNSHIPS:
            code = f"YX{number:02}"
            session.add(Place(code=code, name=code, parent="YX", level=Level.TOWNSHIP))
            session.add(Office(code=f"{code}Z", name=f"{code}Z", parent="XZF", place=code))
            for village in VILLAGES:
                below = f"{code}{village:02}"
                session.add(Place(code=below, name=below, parent=code, level=Level.VILLAGE))
            for cadre in range(CADRES):
                account, roles = f"cadre{number:02}{cadre}", ["cadre", *(["dispatcher"] * (cadre == 0))]
                person = Officer(account=account, name=account, office=f"{code}Z", roles=roles)
                person.superior = "lubaichuan"
                session.add(person)


def add_people(connection: Connection, at: datetime) -> None:
    """One in seven has no WeChat."""
    pending.write(connection, [Key(id=PEOPLE, purpose="villager", made_at=at)])
    for first in range(0, VILLAGERS, SLICE):
        people = [
            Villager(
                id=PEOPLE + one,
                key_id=PEOPLE,
                channel="relay" if one % 7 == 0 else "wechat",
                address_hash=f"{one:064}",
                made_at=at,
            )
            for one in range(first, first + SLICE)
        ]
        pending.write(connection, people)
