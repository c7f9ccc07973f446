"""How a command ends that cannot do its work: an exit code, and one line that says why."""

import os
import sys
from collections.abc import Callable

from bot.settings import BadConfiguration
from handlers.topic import RuleSetError
from models.database import DATABASE_ERRORS, NO_DATABASE, reason_of
from models.errors import BadKey, Unserved


def ended(act: Callable[[], int]) -> int:
    """The exit code."""
    try:
        return act()
    except (BadConfiguration, BadKey, RuleSetError) as error:
        sys.stderr.write(f"lianxin: {error}\n")
        return 2
    except Unserved as error:
        sys.stderr.write(f"lianxin: {error}\n")
        return 1
    except DATABASE_ERRORS as error:
        sys.stderr.write(
            f"lianxin: the database cannot be reached: {reason_of(error)}; look at database.url\n"
        )
        return 1
    except NO_DATABASE as error:
        if type(error) is not NO_DATABASE:  # its kinds are mistakes of ours, and want their traceback
            raise
        sys.stderr.write(f"lianxin: no database: {reason_of(error)}; look at database.url\n")
        return 1
    except BrokenPipeError:  # whoever read it has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(
            f"lianxin: {error.filename}: {error.strerror}\n" if error.filename else f"lianxin: {error}\n"
        )
        return 1
    except KeyboardInterrupt:
        return 130
