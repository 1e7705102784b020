import re

import pytest

from assistant.sandbox.access import AccessRight, AccessRights, compile_glob
from assistant.sandbox.provider import Endpoint

pytestmark = pytest.mark.unit

CLIENT, OTHER = ("EE", "GOV", "1", "a"), ("EE", "GOV", "2", "b")
SERVICE = ("EE", "GOV", "3", "c", "pets")


# As X-Road's own PathGlobTest.
@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("**", "", True),
        ("**", "/a/b/c", True),
        ("***", "match/anything/*", True),
        ("/*/", "/a/", True),
        ("/*/", "/a/b/", False),
        ("", "", True),
        ("", " ", False),
        (".^$+{[]|()", ".^$+{[]|()", True),
        ("**/bar/**", "a/b/c/bar/e/f", True),
        ("**/bar/**", "a/b/c/foo/e/f", False),
        (r"**\*", "/what/ever*", True),
        (r"**\*", "/what/ever!", False),
        ("simple", "prefix.simple.suffix", False),
        ("**/*/**", "/bar/", True),
        ("**/*/**", "something/else", False),
        (r"\A", r"\A", True),
        (r"\*", "*", True),
        (r"\*", r"\*", False),
        (r"\\", "\\", True),
        ("aa\\", "aa\\", True),
    ],
)
def test_compile_glob_when_matched_then_as_xroad(glob: str, path: str, *, matches: bool) -> None:
    assert bool(re.fullmatch(compile_glob(glob), path)) is matches


@pytest.mark.parametrize(
    ("right", "method", "path", "allowed"),
    [
        (AccessRight(SERVICE), "DELETE", "/anything/at/all", True),
        (AccessRight(SERVICE, "GET"), "GET", "/pet/7", True),
        (AccessRight(SERVICE, "GET"), "POST", "/pet/7", False),
        (AccessRight(SERVICE, "*", "/pet/*"), "PUT", "/pet/7", True),
        (AccessRight(SERVICE, "*", "/pet/*"), "PUT", "/pet/7/photo", False),
        (AccessRight(SERVICE, "*", "/pet/*"), "PUT", "/pet/a\nb", True),
        (AccessRight((*SERVICE[:-1], "cats")), "GET", "/pet/7", False),
    ],
)
def test_allow_when_right_is_narrow_then_only_what_it_covers(
    right: AccessRight, method: str, path: str, *, allowed: bool
) -> None:
    rights = AccessRights({CLIENT: (right,)})
    assert rights.allow(CLIENT, SERVICE, Endpoint(method, path)) is allowed
    assert not rights.allow(OTHER, SERVICE, Endpoint(method, path))
