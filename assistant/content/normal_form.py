"""Texts the way a recogniser writes them."""

import re
from functools import cache


@cache
def normal_form(example: str) -> str:
    """An example as a recogniser would write it: lower case, no punctuation, single blanks."""
    return " ".join(re.sub(r"[^\w\s]", " ", example.lower()).split())
