"""Access tokens: asked for once, kept while they last, over processes where few are given, and never told."""

import fcntl
import json
import logging
import stat
import time

import jwt
import pytest

from spiders.base.client import Client
from spiders.base.platform import Access, platform, platform_names
from storage.observations import Outcome
from storage.targets import Ask, Target
from tests.asking import HOST, answer_of, case_of, elliptic_key, recorded
from tests.clients import LAPSE, QuickGate, look
from tests.replay import Answer, Replay

TOKEN = {"access_token": "a-token-that-nobody-may-see", "token_type": "Bearer", "expires_in": 3599}
WITH_TOKENS = ("soundcloud", "tidal")
WITH_KEYS = [
    name
    for name in platform_names()
    if platform(name).needs and issubclass(platform(name), Client) and name != "spotify"
]


@pytest.fixture
def server():
    with Replay(hosts=[HOST]) as server:
        yield server


def client_of(name, server, **more):
    access = {**recorded(name).get("access", {}), **more}
    return platform(name)(Access(server.url, "ops@label.example", lapse=LAPSE, **access), QuickGate())


def case(name):
    said = case_of(name, recorded(name)["one"])
    return said, Target(name, Ask(said["ask"]), said["subject"])


def serve(name, server, said, token=TOKEN):
    url = next(iter(recorded(name)["always"])).partition(" ")[2]
    server.add(url, *(token if isinstance(token, list) else [token]), method="POST")
    for where, answer in said["answers"].items():
        server.add(where, answer_of(name, answer))


def asked_for_tokens(server):
    return [asked for asked in server.asked if asked.method == "POST"]


def ask(name, server, target, times=1, **more):
    client = client_of(name, server, **more)
    try:
        return [look(client, target) for _ in range(times)][-1]
    finally:
        client.close()


@pytest.mark.parametrize("name", WITH_TOKENS)
def test_a_token_is_asked_for_once_and_sent_in_the_platforms_way(name, server):
    said, target = case(name)
    serve(name, server, said)
    assert ask(name, server, target, times=3).coverage.outcome is Outcome.COMPLETE
    assert len(asked_for_tokens(server)) == 1
    scheme = {"soundcloud": "OAuth", "tidal": "Bearer"}[name]
    sent = {asked.headers["authorization"] for asked in server.asked if asked.method == "GET"}
    assert sent == {f"{scheme} {TOKEN['access_token']}"}


@pytest.mark.parametrize("name", WITH_TOKENS)
def test_a_token_that_is_not_accepted_is_replaced_once(name, server):
    said, target = case(name)
    where, answer = next(iter(said["answers"].items()))
    said["answers"] = {}
    serve(name, server, said)
    server.add(where, Answer(b'{"errors":[]}', 401), answer_of(name, answer))
    told = ask(name, server, target)
    assert (told.coverage.outcome, told.coverage.cost, len(asked_for_tokens(server))) == (Outcome.COMPLETE, 2, 2)


@pytest.mark.parametrize("name", WITH_TOKENS)
def test_credentials_that_are_refused_are_not_tried_again(name, server):
    said, target = case(name)
    serve(name, server, said, Answer(b'{"error":"invalid_client"}', 401))
    told = ask(name, server, target, times=3)
    assert told.coverage.outcome is Outcome.REFUSED
    assert "does not accept" in told.coverage.stop_reason
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "token",
    [b"[]", b"{}", {"access_token": 7}, {"access_token": ""}, {"access_token": "a\nb"}, {"access_token": "a b"}],
)
def test_an_answer_without_a_token_is_no_token(server, token):
    said, target = case("tidal")
    serve("tidal", server, said, token)
    assert ask("tidal", server, target).coverage.outcome is Outcome.MALFORMED


@pytest.mark.parametrize("life", [10**400, -1, "soon", None, True, 0, 1e308])
def test_a_life_of_any_length_is_no_fault(server, life):
    said, target = case("tidal")
    serve("tidal", server, said, {**TOKEN, "expires_in": life})
    assert ask("tidal", server, target, times=2).coverage.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("name", WITH_KEYS)
def test_a_budget_is_held_by_a_name_and_never_by_a_secret(name):
    cls, credentials = platform(name), recorded(name)["access"]["credentials"]
    holder = cls.holder(Access(credentials=credentials), "here")
    secrets = {value for word, value in credentials.items() if word not in ("client_id", "team_id", "key_id")}
    assert holder not in ("", "here", *secrets)
    assert cls.holder(Access(), "here") == "here"


def test_a_token_outlives_the_process_where_few_are_given(server, tmp_path):
    said, target = case("soundcloud")
    serve("soundcloud", server, said)
    folder = str(tmp_path / "kept")
    for _ in range(3):
        assert ask("soundcloud", server, target, token_dir=folder).coverage.outcome is Outcome.COMPLETE
    assert len(asked_for_tokens(server)) == 1
    (kept,) = [path for path in (tmp_path / "kept").iterdir() if path.suffix == ".json"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "ours" not in kept.name
    kept.write_text("{")  # what can't be read is as good as none
    assert ask("soundcloud", server, target, token_dir=folder).coverage.outcome is Outcome.COMPLETE
    assert len(asked_for_tokens(server)) == 2


@pytest.mark.parametrize(
    ("said", "kept_s"), [(3600, 3540), (61.5, 1.5), (60, 0), (365 * 86_400, 604_740), ("soon", 120), (True, 120)]
)
def test_a_token_is_kept_a_minute_shorter_than_is_said_and_no_longer_than_a_week(server, tmp_path, said, kept_s):
    wanted, target = case("soundcloud")
    serve("soundcloud", server, wanted, {**TOKEN, "expires_in": said})
    access = {**recorded("soundcloud").get("access", {}), "token_dir": str(tmp_path)}
    client = platform("soundcloud")(Access(server.url, "ops@label.example", **access), QuickGate())
    began = time.time()
    assert look(client, target).coverage.outcome is Outcome.COMPLETE
    client.close()
    (kept,) = tmp_path.glob("*.json")
    assert began <= json.loads(kept.read_text())["until"] - kept_s <= time.time()


def test_a_kept_token_that_was_refused_is_not_taken_again(server, tmp_path):
    said, target = case("soundcloud")
    where, answer = next(iter(said["answers"].items()))
    said["answers"] = {}
    serve("soundcloud", server, said, [TOKEN, {**TOKEN, "access_token": "another-token-of-ours"}])
    server.add(where, answer_of("soundcloud", answer), Answer(b'{"code":401}', 401), answer_of("soundcloud", answer))
    for _ in range(2):
        told = ask("soundcloud", server, target, token_dir=str(tmp_path))
        assert told.coverage.outcome is Outcome.COMPLETE
    assert len(asked_for_tokens(server)) == 2


def test_who_holds_the_turn_and_hangs_costs_the_look_and_never_the_lane(server, tmp_path):
    said, target = case("soundcloud")
    serve("soundcloud", server, said)
    assert ask("soundcloud", server, target, token_dir=str(tmp_path)).coverage.outcome is Outcome.COMPLETE
    (kept,) = tmp_path.glob("*.json")
    kept.unlink()
    (lock,) = tmp_path.glob("*.lock")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = ask("soundcloud", server, target, token_dir=str(tmp_path), timeout_s=0.2)
        assert told.coverage.outcome is Outcome.FAILED
        assert "another process" in told.coverage.stop_reason
    assert len(asked_for_tokens(server)) == 1
    assert ask("soundcloud", server, target, token_dir=str(tmp_path)).coverage.outcome is Outcome.COMPLETE
    assert len(asked_for_tokens(server)) == 2


def test_a_folder_that_can_not_be_written_costs_only_the_keeping(server, tmp_path):
    said, target = case("soundcloud")
    serve("soundcloud", server, said)
    (tmp_path / "file").write_text("")
    told = ask("soundcloud", server, target, token_dir=str(tmp_path / "file" / "below"))
    assert told.coverage.outcome is Outcome.COMPLETE


def test_apples_token_is_signed_by_the_key_and_lives_for_an_hour(server, tmp_path):
    said, target = case("apple_music")
    for where, answer in said["answers"].items():
        server.add(where, answer_of("apple_music", answer))
    key = elliptic_key()
    file = tmp_path / "AuthKey.p8"
    file.write_text(key)
    for given in (key, key.replace("\n", "\\n"), str(file)):
        credentials = {"team_id": "TEAM000001", "key_id": "KEY0000001", "private_key": given}
        assert ask("apple_music", server, target, credentials=credentials).coverage.outcome is Outcome.COMPLETE
        token = server.asked[-1].headers["authorization"].removeprefix("Bearer ")
        assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": "KEY0000001", "typ": "JWT"}
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["iss"], claims["exp"] - claims["iat"]) == ("TEAM000001", 3600)


@pytest.mark.parametrize("key", ["no key", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "/dev/null"])
def test_what_is_no_key_is_refused_and_not_quoted(server, key):
    _, target = case("apple_music")
    credentials = {"team_id": "T", "key_id": "K", "private_key": key}
    told = ask("apple_music", server, target, credentials=credentials)
    assert told.coverage.outcome is Outcome.REFUSED
    assert "private_key" in told.coverage.stop_reason
    assert key not in told.coverage.stop_reason
    assert server.asked == []


@pytest.mark.parametrize("name", WITH_KEYS)
def test_without_credentials_a_platform_says_what_it_needs_and_asks_nothing(name, server):
    _, target = case(name)
    told = ask(name, server, target, credentials={})
    assert told.coverage.outcome is Outcome.REFUSED
    assert platform(name).needs[0] in told.coverage.stop_reason
    assert server.asked == []


@pytest.mark.parametrize("name", WITH_KEYS)
def test_no_secret_is_told_logged_raised_or_kept(name, server, caplog):
    caplog.set_level(logging.DEBUG)
    said, target = case(name)
    where, _ = next(iter(said["answers"].items()))
    if "always" in recorded(name):
        serve(name, server, {"answers": {}})
    secrets = [*recorded(name)["access"]["credentials"].values(), TOKEN["access_token"]]
    echo = json.dumps({"said": secrets, "errors": [{"detail": " ".join(secrets)}]}).encode()
    last = []
    for status in (200, 400, 401, 403, 404, 418, 429, 500, 302):
        server.add(where, Answer(echo, status, headers={"Location": f"http://127.0.0.2:9/?{secrets[-1]}"}))
    for _ in range(12):
        told = ask(name, server, target)
        last.append(told.text() + repr(told.coverage))
    sent = {asked.headers.get("authorization", "").partition(" ")[2] for asked in server.asked} - {""}
    written = "\n".join([*last, caplog.text])
    for secret in {*secrets, *sent}:
        if len(secret) >= 8 and (secret in sent or not secret.startswith("a-token") or "always" in recorded(name)):
            assert secret not in written, name
