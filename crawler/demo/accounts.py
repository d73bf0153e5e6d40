"""Accounts that a sandbox's platforms accept, made anew each time: nothing here is a secret of anybody's."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def apple_account() -> dict[str, str]:
    """Make a developer account of Apple's with a key of its own."""
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(*kinds).decode()
    return {"private_key": key, "team_id": "TEAM123456", "key_id": "KEYID12345"}
