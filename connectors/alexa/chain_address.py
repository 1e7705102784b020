"""Where Amazon keeps the certificates of Alexa: the rules for the address that a request names."""

import posixpath
import re

from assistant.core.errors import NotAllowed

HOST = "https://s3.amazonaws.com"
_FOLDER = "/echo.api/"
_LONGEST = 512
# Nothing that two readers might read differently: no user, other port, escape, backslash, parameter or query.
_ADDRESS = re.compile(r"(?i:https://s3\.amazonaws\.com)(?::443)?(/[A-Za-z0-9._~/-]*)", re.ASCII)


def chain_address(named: str) -> str:
    """The one form of an address that may be asked for its certificates (ASK, "Verify the signature certificate URL").

    Raises:
        NotAllowed: it is none of Amazon's, or not written plainly.
    """
    found = _ADDRESS.fullmatch(named) if len(named) <= _LONGEST else None
    path = posixpath.normpath(found[1]) if found else ""
    if not path.startswith(_FOLDER):
        raise NotAllowed("chain address")
    return HOST + path
