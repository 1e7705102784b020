"""The authority of the sandbox's phones, kept in the state folder, so that a restart does not change it."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from assistant.core.errors import SettingsError
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.sandbox.phone_certificates import Authority
from assistant.sandbox.tls import write_private

PHONES = "phones"
"""The name of both files: `phones.crt` is what `KRATT_PHONE_AUTHORITIES` is by default."""


def keep_phone_authority(folder: Path) -> Authority:
    """The authority of the folder, made there if there is none.

    Raises:
        SettingsError: the folder cannot be written to, or its files are no authority.
    """
    certificate, key = (folder / f"{PHONES}.{ending}" for ending in ("crt", "key"))
    with naming_the_state_folder():
        make_private_folder(folder)
        if not (certificate.exists() and key.exists()):
            authority = Authority.new()
            secret = authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_private(key, secret)
            write_private(certificate, authority.certificate.public_bytes(Encoding.PEM))
        kept, opened = (
            x509.load_pem_x509_certificate(certificate.read_bytes()),
            load_pem_private_key(key.read_bytes(), None),
        )
    if not isinstance(opened, ec.EllipticCurvePrivateKey):
        raise SettingsError(f"KRATT_STATE: {key}: is no key of ours")
    return Authority(kept, opened)
