"""`falsetto serve`: beyond loopback only with keys; it says where it serves, and ends quietly."""

import os
import re

import pytest

from tests.commands import ROOT, falsetto
from tests.served import Serve


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "falsetto.example"])
def test_without_keys_it_refuses_to_listen_beyond_loopback(tmp_path, host):
    done = falsetto("serve", "--host", host, "--port", "0", folder=tmp_path)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.strip().endswith("is beyond loopback, and there is no key: run `falsetto keys create` first")


def test_a_revoked_key_does_not_open_the_network_either(tmp_path):
    falsetto("keys", "create", "Lab", folder=tmp_path)
    falsetto("keys", "revoke", "Lab", folder=tmp_path)
    assert falsetto("serve", "--host", "0.0.0.0", "--port", "0", folder=tmp_path).returncode == 3


def test_on_loopback_it_serves_says_where_and_ends_quietly_when_told(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    server = Serve(tmp_path, ["serve"], environment)
    assert re.fullmatch(r"serving on http://127\.0\.0\.1:\d+\n", server.said)
    taken = falsetto("serve", "--port", server.url.rpartition(":")[2], folder=tmp_path)
    assert taken.returncode == 3
    assert "can't listen on 127.0.0.1" in taken.stderr
    assert server.stop() == 0
