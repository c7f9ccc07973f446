"""Whether a ledger is whole: what `lianxin verify` would find."""

from handlers.digest.compose import differs, window_of
from models.database import Database
from models.key import Keyring, decode_data_key
from models.verification import Difference, verify
from scheduler.clock import wall_clock


def difference_in(database: Database, data_key: str) -> Difference | None:
    """The first difference; None where nothing was changed or lost."""
    with database.reading(one_instant=True) as session:
        keys = Keyring.of(session, decode_data_key(data_key), wall_clock())
        return verify(session, keys, window_of, differs)[0]
