"""No test reaches beyond this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("api.deezer.com", 443), ("2001:db8::1", 80, 0, 0)])
def test_connections_beyond_loopback_are_refused(address):
    kind = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(kind) as one, pytest.raises(OSError, match="a test tried to reach"):
        one.connect(address)
    with socket.socket(kind) as one, pytest.raises(OSError, match="a test tried to reach"):
        one.connect_ex(address)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        one.connect(server.getsockname())
