"""Push: signed, at least once, in order for each case, no endpoint waits for another, nothing forbidden is reached."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from standardwebhooks.webhooks import Webhook
from typer.testing import CliRunner

from crawler import verdicts
from crawler.cli import app
from crawler.feed.push import addresses, deliverer, message, signing
from crawler.feed.push.addresses import Allowed, Forbidden
from crawler.feed.push.deliverer import MOST_TRIES, Deliverer, Store, Terms, in_threads, rest
from storage import deliveries, endpoints, outbox
from storage.database import writing
from storage.models import delivery, endpoint
from tests.receiving import receiving
from tests.test_cases import NOW, event, judged
from tests.test_retention import retain

__all__ = ["event"]  # a fixture

KEY = "k" * 32
TERMS = Terms(KEY, Allowed(loopback=True), "https://falsetto.example", timeout_s=10.0)


class Pushing:
    """A store whose endpoints are receivers, and a clock of its own."""

    def __init__(self, engine, event, receivers):
        self.engine, self.event, self.receivers, self.now = engine, event, receivers, NOW
        for n, one in enumerate(receivers):
            self.add(f"e{n}", one.url)

    def add(self, name, url, **filters):
        with writing(self.engine) as connection:
            return endpoints.add(connection, name, url, filters, signing.key_check(KEY), 0, NOW)

    def tell(self, *numbers, meaning="first", **more):
        judged(self.engine, *(replace(self.event, group_id=n, meaning=meaning, **more) for n in numbers))
        with writing(self.engine) as connection:
            outbox.sequence(connection)

    def deliver(self, terms=TERMS):
        async def work():
            one = Deliverer(in_threads(self.engine), lambda: self.now, terms)
            try:
                return await one.once()
            finally:
                await one.close()

        return asyncio.run(work())

    def endpoint(self, name="e0"):
        with self.engine.connect() as connection:
            return endpoints.named(connection, name, self.now)

    def states(self, endpoint=None):
        query = select(delivery.c.state).order_by(delivery.c.id)
        if endpoint is not None:
            query = query.where(delivery.c.endpoint_id == endpoint)
        with self.engine.connect() as connection:
            return list(connection.scalars(query))


@pytest.fixture
def pushing(engine, event):
    """Three receivers."""
    with receiving(3) as several:
        yield Pushing(engine, event, several)


def test_a_candidate_is_pushed_signed_by_the_convention(pushing):
    pushing.tell(1)
    pushing.deliver()
    ((headers, body),) = pushing.receivers[0].got
    with pushing.engine.connect() as connection:
        salt = connection.scalar(select(endpoint.c.salt).where(endpoint.c.name == "e0"))
        ((_, document),) = outbox.since(connection, 0)
        assert KEY not in str(connection.execute(select(endpoint)).all())
    one = Webhook(signing.secret(KEY, salt))
    expected = one.sign(headers["webhook-id"], NOW, body)
    assert headers["webhook-signature"] == expected
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    told = json.loads(body)
    assert (told["type"], told["data"]) == ("candidate.opened", json.loads(document))
    assert headers["webhook-id"] == told["data"]["idempotency_key"]
    assert pushing.deliver() == 0


def test_a_moment_of_another_zone_is_signed_as_the_same_moment(pushing):
    from datetime import timezone

    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert signing.headers([signing.secret(KEY, "a")], "m", "{}", there) == signing.headers(
        [signing.secret(KEY, "a")], "m", "{}", NOW
    )


def test_after_a_rotation_both_secrets_sign_for_a_day(pushing):
    with pushing.engine.connect() as connection:
        old = connection.scalar(select(endpoint.c.salt).where(endpoint.c.name == "e0"))
    with writing(pushing.engine) as connection:
        new = endpoints.rotate(connection, "e0", signing.key_check(KEY), NOW)
    pushing.tell(1)
    pushing.deliver()
    pushing.now = NOW + timedelta(hours=25)
    pushing.tell(2)
    pushing.deliver()
    (first, body), (second, _) = pushing.receivers[0].got
    signed = [Webhook(signing.secret(KEY, salt)).sign(first["webhook-id"], NOW, body) for salt in (new, old)]
    assert first["webhook-signature"] == " ".join(signed)
    assert " " not in second["webhook-signature"]


@pytest.mark.parametrize("trouble", ["500", "429", "redirect", "silence", "drip"])
def test_an_hour_of_trouble_delays_nobody_else_and_ends_with_everything_delivered_in_order(pushing, trouble):
    ill, *well = pushing.receivers
    ill.behaviour = trouble
    terms = replace(TERMS, timeout_s=2.0 if trouble in ("silence", "drip") else 10.0)
    for minute in range(0, 60, 5):
        pushing.now = NOW + timedelta(minutes=minute)
        pushing.tell(1, 2, meaning=f"at {minute}", title=f"Song {minute}")
        pushing.deliver(terms)
        for one in well:
            assert len(set(one.ids)) == 2 * (minute // 5 + 1)
    assert not ill.got
    assert pushing.endpoint().failures > 3
    assert len(ill.refused) < 24  # it is not hammered
    ill.behaviour = "200"
    for _ in range(20):
        pushing.now += timedelta(minutes=20)
        pushing.deliver()
    assert sorted(ill.ids) == sorted(set(well[0].ids))
    assert len(ill.ids) == len(set(ill.ids)) == 24
    for case in (1, 2):
        revisions = [json.loads(body)["data"]["revision"] for _, body in ill.got if f'"case_id":{case},' in body]
        assert revisions == sorted(revisions)
    frozen = {headers["webhook-id"]: body for headers, body in ill.refused}
    assert all(frozen.get(headers["webhook-id"], body) == body for headers, body in ill.got)


def test_what_is_refused_for_ever_is_dead_and_can_be_replayed_under_its_id(pushing):
    one = pushing.receivers[0]
    one.behaviour = "400"
    pushing.tell(1)
    for _ in range(MOST_TRIES):
        pushing.deliver()
        pushing.now += timedelta(hours=15)
        with writing(pushing.engine) as connection:
            endpoints.enable(connection, 1)
    assert pushing.states(1) == ["dead"]
    assert len(one.refused) == MOST_TRIES
    with pushing.engine.connect() as connection:
        (row,) = deliveries.dead(connection, 1)
    assert row["error"] == "it answered 400"
    one.behaviour = "200"
    with writing(pushing.engine) as connection:
        assert deliveries.replay(connection, 1, pushing.now) == 1
    pushing.deliver()
    assert one.ids == [one.refused[0][0]["webhook-id"]]
    with writing(pushing.engine) as connection:
        assert deliveries.replay(connection, 1, pushing.now, after=0) == 1
    pushing.deliver()
    assert len(one.ids) == 2
    assert len(set(one.ids)) == 1


def test_old_messages_go_and_what_an_endpoint_was_told_of_it_still_hears_the_end_of(pushing):
    pushing.tell(1)
    pushing.tell(1, meaning="second")
    pushing.tell(2)
    pushing.deliver()
    assert retain(pushing.engine, NOW + timedelta(days=89), "deliveries") == {}
    assert retain(pushing.engine, NOW + timedelta(days=91), "deliveries") == {"deliveries": 3}
    assert pushing.states(1) == ["delivered", "delivered"]
    with writing(pushing.engine) as connection:
        assert deliveries.told_before(connection, 1, {1, 2, 3}) == {1, 2}
    pushing.receivers[0].behaviour = "500"
    pushing.tell(2, meaning="second")
    pushing.tell(2, meaning="third")
    pushing.deliver()
    gone = retain(pushing.engine, NOW + timedelta(days=999), "deliveries")
    assert gone == {"deliveries": 5}  # what waits is never too old
    assert pushing.states(1).count("waiting") == 2
    assert retain(pushing.engine, NOW + timedelta(days=9999), "deliveries", deliveries=None) == {}


def test_410_disables_and_what_waits_keeps_waiting(pushing):
    pushing.receivers[0].behaviour = "410"
    pushing.tell(1)
    pushing.deliver()
    assert pushing.endpoint().disabled_because == "it answered 410 Gone"
    pushing.now += timedelta(days=9)
    pushing.deliver()
    assert len(pushing.receivers[0].refused) == 1
    assert pushing.states().count("waiting") == 1


def test_a_lease_keeps_others_off_and_ends_with_who_held_it(pushing):
    pushing.tell(1)
    pushing.tell(1, meaning="second")
    with writing(pushing.engine) as connection:
        queued = [deliveries.Queued(n, 1, f"case-1-{n}", "{}") for n in (101, 102)]
        deliveries.queue(connection, 1, queued, NOW)
        until = NOW + timedelta(minutes=10)
        assert [d.message for d in deliveries.claim(connection, 1, "a", until, NOW, 9)] == ["case-1-101"]
        assert deliveries.claim(connection, 1, "b", until, NOW, 9) == []
        (late,) = deliveries.claim(connection, 1, "b", until + timedelta(hours=1), until, 9)
        deliveries.delivered(connection, [late.id], "a", until)  # too late: it is another's
        assert deliveries.counts(connection, 1)["delivered"] == 0
        deliveries.delivered(connection, [late.id], "b", until)
        assert [d.message for d in deliveries.claim(connection, 1, "b", until, until, 9)] == ["case-1-102"]


def test_filters_choose_and_what_was_pushed_is_followed_to_its_end(pushing):
    with writing(pushing.engine) as connection:
        wanted = json.dumps({"least_score": 0.55, "platforms": ["deezer"], "statuses": ["open"]})
        connection.execute(update(endpoint).where(endpoint.c.name == "e0").values(filters=wanted))
    pushing.tell(1)
    pushing.tell(2, score=0.5)
    pushing.deliver()
    assert len(pushing.receivers[0].got) == 1
    with writing(pushing.engine) as connection:
        verdicts.decide(connection, 1, "legitimate", "ana", "", NOW)
        verdicts.decide(connection, 2, "legitimate", "ana", "", NOW)
    pushing.deliver()
    told = [json.loads(body)["data"] for _, body in pushing.receivers[0].got]
    assert [(one["case_id"], one["status"]) for one in told] == [(1, "open"), (1, "cleared")]
    assert len(pushing.receivers[1].got) == 4


def test_what_an_endpoint_does_not_ask_for_hides_nothing_that_comes_after(pushing, monkeypatch):
    monkeypatch.setattr(deliverer, "READ_AT_ONCE", 2)
    with writing(pushing.engine) as connection:
        connection.execute(update(endpoint).where(endpoint.c.name == "e0").values(filters='{"least_score": 0.55}'))
    pushing.tell(1, 2, 3, 4, 5, score=0.5)
    pushing.tell(6)
    pushing.deliver()
    assert [json.loads(body)["data"]["case_id"] for _, body in pushing.receivers[0].got] == [6]


def test_while_nothing_is_to_be_sent_nobody_is_asked_for_a_transaction_that_writes(pushing, monkeypatch):
    monkeypatch.setattr(deliverer, "IDLE_S", 0.01)
    pushing.tell(1)
    pushing.receivers[1].behaviour = "500"  # it rests, and so does what waits for it
    pushing.deliver()
    with writing(pushing.engine) as connection:
        endpoints.enable(connection, 2)  # the endpoint is well again, its message still waits for its next try
    threads, written, looks = in_threads(pushing.engine), [], []

    async def work():
        stopping = asyncio.Event()

        def do(work):
            written.append(work)
            return threads.do(work)

        def read(work):
            looks.append(work)
            if len(looks) == 20:
                stopping.set()
            return threads.read(work)

        await Deliverer(Store(do, read), lambda: pushing.now, TERMS).run(stopping)

    asyncio.run(work())
    assert written == []
    assert pushing.states(1) == ["delivered"]
    pushing.now += timedelta(minutes=1)
    pushing.receivers[1].behaviour = "200"
    looks.clear()
    asyncio.run(work())
    assert written
    assert pushing.states(2) == ["delivered"]


def test_what_is_too_large_carries_the_core_and_a_link(pushing):
    pushing.tell(1, title="long " * 10_000)
    pushing.deliver()
    ((_, body),) = pushing.receivers[0].got
    assert len(body.encode()) <= message.LARGEST
    data = json.loads(body)["data"]
    assert data["whole"] == "https://falsetto.example/v1/candidates?after=0&limit=1"
    assert (data["is_core"], data["case_id"], data["revision"], data["status"]) == (True, 1, 1, "open")


@pytest.mark.parametrize(
    ("address", "allowed", "right"),
    [
        ("93.184.216.34", Allowed(), True),
        ("2606:2800:220:1::1", Allowed(), True),
        ("127.0.0.1", Allowed(), False),
        ("127.0.0.1", Allowed(loopback=True), True),
        ("::1", Allowed(), False),
        ("10.0.0.7", Allowed(), False),
        ("10.0.0.7", Allowed(frozenset({"hook.example"})), True),
        ("10.0.0.7", Allowed(frozenset({"other.example"})), False),
        ("::ffff:10.0.0.7", Allowed(), False),
        ("::ffff:127.0.0.1", Allowed(), False),
        ("64:ff9b::a00:7", Allowed(), False),
        ("2002:a00:7::", Allowed(), False),
        ("fd00::1", Allowed(), False),
        ("0.0.0.0", Allowed(loopback=True), False),
        ("224.0.0.1", Allowed(), False),
        ("169.254.169.254", Allowed(frozenset({"hook.example"}), True), False),
        ("::ffff:169.254.169.254", Allowed(frozenset({"hook.example"}), True), False),
        ("fd00:ec2::254", Allowed(frozenset({"hook.example"})), False),
        ("100.100.100.200", Allowed(frozenset({"hook.example"})), False),
        ("100.64.0.1", Allowed(), False),
    ],
)
def test_only_allowed_addresses_are_reached(address, allowed, right):
    if right:
        assert addresses.check("hook.example", [address], allowed) == [address]
        return
    with pytest.raises(Forbidden):
        addresses.check("hook.example", ["93.184.216.34", address], allowed)  # one bad one spoils the rest


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(pushing):
    port = pushing.receivers[0].url.split(":")[2].split("/")[0]
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    pushing.add("pinned", f"http://hook.example:{port}/1")
    with writing(pushing.engine) as connection:
        for name in ("e0", "e1", "e2"):
            endpoints.remove(connection, name)
    pushing.tell(1)
    pushing.deliver(replace(TERMS, resolve=resolve))
    assert asked == ["hook.example"]
    assert pushing.receivers[1].got[0][0]["host"] == f"hook.example:{port}"
    pushing.tell(2)
    pushing.deliver(replace(TERMS, resolve=resolve))
    assert "169.254.169.254" in pushing.endpoint("pinned").disabled_because
    assert len(pushing.receivers[1].got) == 1


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "ftp://a.example/", "https://u:p@a.example/", "https://", "https://a.example:99999/", "x"],
)
def test_addresses_that_no_endpoint_may_have_are_refused(url):
    with pytest.raises(Forbidden):
        addresses.check_url(url, Allowed())


def test_each_wait_is_three_times_longer_give_or_take_a_fifth_up_to_a_limit():
    assert [rest(n, 0.5).total_seconds() for n in (1, 2, 3)] == [5, 15, 45]
    assert (rest(1, 0.0), rest(1, 1.0)) == (timedelta(seconds=4), timedelta(seconds=6))
    assert rest(1000, 0.5) == timedelta(hours=12)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_command_line_adds_delivers_lists_rotates_and_removes(engine, event, store_url, monkeypatch):
    def run(*words, code=0):
        said = CliRunner().invoke(app, ["feed", *words])
        assert (said.exit_code != 0) == bool(code), said.output
        return said.output if not code else str(said.exception)

    monkeypatch.setenv("FALSETTO_DATABASE_URL", store_url)
    with receiving() as (one,):
        assert "FALSETTO_SIGNING_KEY" in run("endpoints", "add", "d", one.url, code=3)
        monkeypatch.setenv("FALSETTO_SIGNING_KEY", KEY)
        assert "plain http" in run("endpoints", "add", "d", one.url, code=2)
        monkeypatch.setenv("FALSETTO_WEBHOOK_LOOPBACK", "true")
        secret = run("endpoints", "add", "d", one.url, "--since", "0", "--kind", "release").strip()
        assert secret.startswith("whsec_")
        assert "there is an endpoint" in run("endpoints", "add", "d", one.url, code=2)
        assert "--platform" in run("endpoints", "add", "x", one.url, "--platform", "napster", code=2)
        judged(engine, event)
        assert run("deliver", "--until-empty") == "1 tries\n"
        assert len(one.got) == 1
        listed = run("endpoints", "list")
        assert "1 delivered" in listed
        assert secret not in listed
        assert run("endpoints", "rotate", "d").strip() != secret
        assert "1 messages" in run("endpoints", "replay", "d", "--since", "0")
        assert run("endpoints", "dead", "d") == "none was given up\n"
        monkeypatch.setenv("FALSETTO_SIGNING_KEY", "another key of thirty-two characters")
        assert run("deliver", "--until-empty") == "0 tries\n"
        assert "rotate its secret" in run("endpoints", "list")
        run("endpoints", "remove", "d")
        assert "no endpoint named" in run("endpoints", "remove", "d", code=2)
