"""Certificates are verified: a platform is talked to only if an authority that this machine trusts vouches for it."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.crawling import Crawling
from tests.replay import Replay


def certificate(folder, name):
    """Write a certificate that vouches for itself, and its key, into one file."""
    key, today = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + signed.public_bytes(pem))
    return path


@pytest.mark.parametrize(("trusted", "outcome", "asked"), [(True, "complete", 1), (False, "failed", 0)])
def test_only_a_trusted_certificate_is_talked_to(tmp_path, trusted, outcome, asked):
    path = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    others = certificate(tmp_path, "elsewhere.invalid")
    with Replay(tls=context) as server, Crawling(SSL_CERT_FILE=str(path if trusted else others)) as crawling:
        server.add("/artist/7", {"id": 7, "name": "Sora Lindqvist"})
        look = crawling.crawl("deezer", [("profile", "7")], server.url).only()
    assert (look["outcome"], len(server.asked)) == (outcome, asked)


def test_a_certificate_of_another_name_is_refused(tmp_path):
    path = certificate(tmp_path, "elsewhere.invalid")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with Replay(tls=context) as server, Crawling(SSL_CERT_FILE=str(path)) as crawling:
        server.add("/artist/7", {"id": 7, "name": "Sora Lindqvist"})
        look = crawling.crawl("deezer", [("profile", "7")], server.url).only()
    assert (look["outcome"], server.asked) == ("failed", [])
