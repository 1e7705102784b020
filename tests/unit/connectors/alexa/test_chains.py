"""Chains are Amazon's, in order now, and small; the right one is fetched once."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from assistant.core.errors import NotAllowed, SettingsError
from connectors.alexa import chains
from connectors.alexa.chains import MOST_CERTIFICATES, MOST_CHAIN_BYTES, MOST_CHAINS, Chains, read_roots
from tests.alexa import ADDRESS, NOW, SIGNER, Amazon, Draft, between_of, issue, key_of, pem, root_of

pytestmark = pytest.mark.unit

GOOD = Draft(SIGNER, key_of("signer"))


def chains_of(amazon: Amazon) -> Chains:
    return Chains(amazon.client, amazon.roots)


async def test_chain_when_in_order_then_its_key_counts_and_it_is_fetched_once() -> None:
    amazon = Amazon()
    kept = chains_of(amazon)
    for _ in range(3):
        assert await kept.key_of(ADDRESS, NOW) == amazon.signer.certificate.public_key()
    assert len(amazon.asked) == 1


async def test_chain_when_it_brings_its_root_along_then_that_is_no_fault() -> None:
    amazon = Amazon(chains={ADDRESS: pem(issue(GOOD, between_of("root")), between_of("root"), root_of("root"))})
    assert await chains_of(amazon).key_of(ADDRESS, NOW)


DAY = timedelta(days=1)


def chain(leaf: Draft) -> bytes:
    return pem(issue(leaf, between_of("root")), between_of("root"))


def under(draft: Draft) -> bytes:
    """A good signer, issued by what is to be no authority, or none now."""
    above = issue(draft, root_of("root"))
    return pem(issue(GOOD, above), above)


FAULTS: dict[str, Callable[[], bytes]] = {  # made when needed: keys take long
    "expired": lambda: chain(replace(GOOD, ends=NOW - DAY)),
    "not yet valid": lambda: chain(replace(GOOD, begins=NOW + DAY)),
    "expired between": lambda: under(Draft("expired", key_of("between"), is_authority=True, ends=NOW - DAY)),
    "another name": lambda: chain(replace(GOOD, names=("evil.example",))),
    "a name that begins alike": lambda: chain(replace(GOOD, names=(f"{SIGNER}.evil.example",))),
    "a wildcard": lambda: chain(replace(GOOD, names=("*.amazon.com",))),
    "another authority": lambda: pem(issue(GOOD, between_of("others")), between_of("others")),
    "its own authority": lambda: pem(issue(GOOD)),
    "no link": lambda: pem(issue(GOOD, between_of("root"))),
    "a short key": lambda: chain(replace(GOOD, key=key_of("short", 1024))),
    "a key of another kind": lambda: chain(replace(GOOD, key=ec.generate_private_key(ec.SECP256R1()))),
    "a key that signs nothing": lambda: chain(replace(GOOD, signs=False)),
    "for mail": lambda: chain(replace(GOOD, usage=ExtendedKeyUsageOID.EMAIL_PROTECTION)),
    "an authority as signer": lambda: chain(replace(GOOD, is_authority=True)),
    "a leaf as authority": lambda: under(Draft("leaf", key_of("between"))),
    "no certificate": lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "nothing": lambda: b"",
    "a page": lambda: b"<html></html>",
    "too many": lambda: pem(issue(GOOD, between_of("root")), *[between_of("root")] * MOST_CERTIFICATES),
    "too much": lambda: chain(GOOD) + b"\n" * MOST_CHAIN_BYTES,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_chain_when_not_in_order_then_is_refused_and_not_kept(fault: str) -> None:
    amazon = Amazon(chains={ADDRESS: FAULTS[fault]()})
    kept = chains_of(amazon)
    for _ in range(2):
        with pytest.raises(NotAllowed):
            await kept.key_of(ADDRESS, NOW)
    assert len(amazon.asked) == 2


async def test_kept_chain_when_it_expires_meanwhile_then_is_refused_and_fetched_anew() -> None:
    amazon = Amazon()
    kept = chains_of(amazon)
    assert await kept.key_of(ADDRESS, NOW)
    with pytest.raises(NotAllowed, match="chain path"):
        await kept.key_of(ADDRESS, NOW + timedelta(days=31))
    later = issue(Draft(SIGNER, key_of("signer"), ends=NOW + timedelta(days=60)), between_of("root"))
    amazon.chains[ADDRESS] = pem(later, between_of("root"))
    assert await kept.key_of(ADDRESS, NOW + timedelta(days=31))


async def test_chains_when_many_then_the_latest_are_kept() -> None:
    amazon = Amazon()
    kept = chains_of(amazon)
    addresses = [f"{ADDRESS}.{number}" for number in range(MOST_CHAINS + 1)]
    amazon.chains |= dict.fromkeys(addresses, amazon.chains[ADDRESS])
    for address in (*addresses, addresses[-1], addresses[0]):
        await kept.key_of(address, NOW)
    assert [str(request.url) for request in amazon.asked] == [*addresses, addresses[0]]


@pytest.mark.parametrize("status", [301, 302, 404, 500])
async def test_chain_when_amazon_does_not_give_it_then_is_refused(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            status, headers={"Location": f"{ADDRESS}.other"}, stream=httpx.ByteStream(Amazon().chains[ADDRESS])
        )

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    with pytest.raises(NotAllowed, match="chain status"):
        await Chains(client, Amazon().roots).key_of(ADDRESS, NOW)


async def test_chain_when_amazon_does_not_answer_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(chains, "CHAIN_SECONDS", 0.01)
    client = httpx.AsyncClient(transport=httpx.MockTransport(never))
    with pytest.raises(NotAllowed, match="chain download"):
        await Chains(client, Amazon().roots).key_of(ADDRESS, NOW)


def test_roots_when_a_file_is_named_then_are_its_own(tmp_path: Path) -> None:
    file = tmp_path / "roots.pem"
    file.write_bytes(pem(root_of("root")))
    assert list(read_roots(str(file))) == Amazon().roots
    file.write_bytes(b"none")
    for wrong in (file, tmp_path / "missing.pem"):
        with pytest.raises(SettingsError, match="KRATT_ALEXA_ROOTS"):
            read_roots(str(wrong))


def test_roots_when_no_file_is_named_then_are_the_machines() -> None:
    assert len(read_roots("")) > 10


async def test_chain_when_it_comes_packed_then_is_not_unpacked() -> None:
    packed = gzip.compress(Amazon().chains[ADDRESS])
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(packed))

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    with pytest.raises(NotAllowed, match="chain form"):
        await Chains(client, Amazon().roots).key_of(ADDRESS, NOW)
    assert asked[0].headers["accept-encoding"] == "identity"
