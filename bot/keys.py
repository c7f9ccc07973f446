"""Keys as the platforms' consoles make them."""

import secrets
import string

LETTERS = string.ascii_letters + string.digits
LAST = "AEIMQUYcgkosw048"  # the 43rd character carries four bits: these keep the base64 strict


def aes_key() -> str:
    """A fresh EncodingAESKey: 43 letters and digits, 32 bytes."""
    return "".join(secrets.choice(LETTERS) for _ in range(42)) + secrets.choice(LAST)
