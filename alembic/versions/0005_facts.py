"""Facts that stay true: a listing without its section, ends of what is no longer shown, market sets stored once."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
GONE = "a later whole answer no longer showed it; null while it is shown"
WHOLE = "last complete answer to the question about the release itself"
CUT = "the platform ended the list short when it was last seen: what lies beyond is not known"
SLID_IN = "came up at the far end of a cut list: how long it has been there nobody can say"
HELD = "missing together with much of the page: held back until it is confirmed"
ENDING = ("profile_link", "release_line", "track", "credit")
OFFERED = ("release", "track")
COMMENTS = (
    (
        *("listing", "removed_at", MOMENT, "set by the second complete look without it"),
        "set by the second complete look without it, or when a held one is confirmed",
    ),
    ("listing", "section", sa.Text(), None, "the part of the page it stands in now"),
    (
        *("change", "field", sa.Text(), "a column, or 'appeared', 'missing', 'removed', 'returned', 'cleaned'"),
        "a column, or 'appeared', 'missing', 'held', 'lifted', 'removed', 'returned', 'cleaned', 'redirected'",
    ),
)
WINDOW = 20_000  # releases at once


def upgrade() -> None:
    drop_views(op.get_bind())
    op.create_table(
        "market_set",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, comment="SHA-256 of the countries"),
        sa.Column("countries", sa.Text(), nullable=False, comment="JSON list, sorted: ISO 3166-1 alpha-2"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_set")),
        sa.UniqueConstraint("hash", name=op.f("uq_market_set_hash")),
        comment="where releases and tracks are offered: a set is stored once, whoever has it",
    )
    for table in OFFERED:
        add_reference(table)
    for table in ENDING:
        op.add_column(table, sa.Column("gone_at", MOMENT, nullable=True, comment=GONE))
    op.add_column("release", sa.Column("whole_at", MOMENT, nullable=True, comment=WHOLE))
    op.add_column("target", sa.Column("cut", sa.Boolean(), server_default="0", nullable=False, comment=CUT))
    op.execute(
        "UPDATE release SET whole_at = (SELECT max(t.last_complete_at) FROM target t "
        "WHERE t.platform = release.platform AND t.ask = 'release' AND t.subject = release.platform_id)"
    )
    gather_markets(op.get_bind())
    op.drop_table("market")
    merge_listings(op.get_bind())
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_listing_profile_id_release_id_section_market"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_listing_profile_id_release_id_market"), ["profile_id", "release_id", "market"]
        )
        batch_op.add_column(sa.Column("slid_in", sa.Boolean(), server_default="0", nullable=False, comment=SLID_IN))
        batch_op.add_column(sa.Column("held_at", MOMENT, nullable=True, comment=HELD))
    op.create_index(
        "ix_listing_held",
        "listing",
        ["held_at"],
        sqlite_where=sa.text("held_at IS NOT NULL"),
        postgresql_where=sa.text("held_at IS NOT NULL"),
    )
    for table, column, kind, was, is_ in COMMENTS:
        say(table, column, kind, was, is_)


def downgrade() -> None:
    drop_views(op.get_bind())
    for table, column, kind, was, is_ in COMMENTS:
        say(table, column, kind, is_, was)
    op.drop_index("ix_listing_held", table_name="listing")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("held_at")
        batch_op.drop_column("slid_in")
        batch_op.drop_constraint(batch_op.f("uq_listing_profile_id_release_id_market"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_listing_profile_id_release_id_section_market"),
            ["profile_id", "release_id", "section", "market"],
        )
    op.create_table(
        "market",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("release_id", BIG, nullable=False),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True, comment="a later answer named the markets, and not this one"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_market_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
        sa.UniqueConstraint("release_id", "country", name=op.f("uq_market_release_id_country")),
        postgresql_with={"fillfactor": 50},
    )
    spread_markets(op.get_bind())
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_column("cut")
    for table in ENDING:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("gone_at")
    for table in OFFERED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("market_set_id")
            if table == "release":
                batch_op.drop_column("whole_at")
    op.drop_table("market_set")


def add_reference(table: str) -> None:
    """Add a reference in place: the tables are large, and both engines can."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN market_set_id {kind} "
        f"CONSTRAINT fk_{table}_market_set_id REFERENCES market_set (id)"
    )


def say(table: str, column: str, kind: Any, was: str | None, is_: str | None) -> None:
    """Change a column's comment, where the engine has comments."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, existing_type=kind, comment=is_, existing_comment=was)


# --- markets --------------------------------------------------------------------------------------------------------


class Sets:
    """The market sets that are written, by what they hold."""

    def __init__(self, bind: sa.Connection) -> None:
        self.bind = bind
        self.ids: dict[str, int] = {}

    def id(self, countries: set[str], at: Any) -> int:
        text = json.dumps(sorted(countries), ensure_ascii=False, separators=(",", ":"))
        if text not in self.ids:
            hashed = hashlib.sha256(text.encode()).hexdigest()
            self.bind.execute(
                sa.text(
                    "INSERT INTO market_set (hash, countries, size, first_seen_at) VALUES (:hash, :text, :size, :at)"
                ),
                {"hash": hashed, "text": text, "size": len(countries), "at": at},
            )
            found = self.bind.execute(sa.text("SELECT id FROM market_set WHERE hash = :hash"), {"hash": hashed})
            self.ids[text] = found.scalar_one()
        return self.ids[text]


def gather_markets(bind: sa.Connection) -> None:
    """Make sets of the markets that releases name, and of the log of their coming and going a log of sets."""
    sets = Sets(bind)
    query = sa.text(
        "SELECT release_id, country, first_seen_at, gone_at FROM market WHERE release_id BETWEEN :first AND :last "
        "ORDER BY release_id, country"
    )
    update = sa.text("UPDATE release SET market_set_id = :set WHERE id = :release")
    for window in windows(bind, "market", "release_id"):
        rows = []
        for release, group in groupby(bind.execute(query, window).all(), key=lambda row: row.release_id):
            named = list(group)
            shown = {row.country for row in named if row.gone_at is None}
            rows.append({"release": release, "set": sets.id(shown, min(row.first_seen_at for row in named))})
        if rows:
            bind.execute(update, rows)
    gather_log(bind, sets)
    bind.execute(sa.text("DELETE FROM change WHERE entity = 'market'"))


def gather_log(bind: sa.Connection, sets: Sets) -> None:
    """Walk every release's log backwards from the markets it has now."""
    log = sa.text(
        "SELECT m.release_id, c.changed_at, c.look_id, c.field, m.country, s.countries FROM change c "
        "JOIN market m ON m.id = c.entity_id JOIN release r ON r.id = m.release_id "
        "JOIN market_set s ON s.id = r.market_set_id "
        "WHERE c.entity = 'market' AND c.field IN ('appeared', 'removed', 'returned') "
        "ORDER BY m.release_id, c.changed_at DESC, c.look_id DESC, c.id DESC"
    )
    insert = sa.text(
        "INSERT INTO change (entity, entity_id, field, before, after, look_id, changed_at) "
        "VALUES ('release', :release, 'market_set_id', :before, :after, :look, :at)"
    )
    for release, words in groupby(bind.execute(log).all(), key=lambda row: row.release_id):
        rows = list(words)
        shown: set[str] = set(json.loads(rows[0].countries))
        for (at, look), together in groupby(rows, key=lambda row: (row.changed_at, row.look_id)):
            after = sets.id(shown, at)
            for row in together:
                shown = shown | {row.country} if row.field == "removed" else shown - {row.country}
            values = {"release": release, "look": look, "at": at, "after": str(after)}
            bind.execute(insert, values | {"before": str(sets.id(shown, at))})


def spread_markets(bind: sa.Connection) -> None:
    """Name every market of every release again; that there were others before is lost."""
    query = sa.text(
        "SELECT r.id, s.countries, r.first_seen_at, r.last_seen_at FROM release r "
        "JOIN market_set s ON s.id = r.market_set_id WHERE r.id BETWEEN :first AND :last"
    )
    insert = sa.text(
        "INSERT INTO market (release_id, country, first_seen_at, last_seen_at) "
        "VALUES (:release, :country, :since, :seen)"
    )
    for window in windows(bind, "release", "id"):
        rows = [
            {"release": row.id, "country": country, "since": row.first_seen_at, "seen": row.last_seen_at}
            for row in bind.execute(query, window).all()
            for country in json.loads(row.countries)
        ]
        if rows:
            bind.execute(insert, rows)
    bind.execute(sa.text("DELETE FROM change WHERE field = 'market_set_id'"))


def windows(bind: sa.Connection, table: str, column: str) -> Iterator[dict[str, int]]:
    """Yield runs of ids, so that no table is held in memory whole."""
    last = bind.execute(sa.text(f"SELECT max({column}) FROM {table}")).scalar() or 0
    for start in range(0, last, WINDOW):
        yield {"first": start + 1, "last": start + WINDOW}


# --- listings -------------------------------------------------------------------------------------------------------


def merge_listings(bind: sa.Connection) -> None:
    """Make one listing of those that differ by their section only; the section's change becomes its history.

    That such a release was new in its second section, or removed from its first, was never true: those words go.
    """
    found = bind.execute(
        sa.text(
            'SELECT l.profile_id, l.release_id, l.market, l.id, l.section, l.first_seen_at, l.last_seen_at, l."new", '
            "l.misses, l.missing_since, l.removed_at FROM listing l JOIN (SELECT profile_id, release_id, market "
            "FROM listing GROUP BY profile_id, release_id, market HAVING count(*) > 1) d "
            "ON d.profile_id = l.profile_id AND d.release_id = l.release_id AND d.market = l.market "
            "ORDER BY l.profile_id, l.release_id, l.market, l.first_seen_at, l.id"
        )
    ).all()
    for _, group in groupby(found, key=lambda row: row[:3]):
        merge(bind, list(group))


def merge(bind: sa.Connection, rows: list[Any]) -> None:
    first = rows[0]
    now = max(rows, key=lambda row: (row.last_seen_at, row.removed_at is None, row.id))
    for row in rows:
        words = []
        if row is not first:
            words.append("appeared")
        if row is not now:
            words += ["missing", "removed", "returned"]
        for word in words:
            bind.execute(
                sa.text("DELETE FROM change WHERE entity = 'listing' AND entity_id = :id AND field = :word"),
                {"id": row.id, "word": word},
            )
        bind.execute(
            sa.text("UPDATE change SET entity_id = :to WHERE entity = 'listing' AND entity_id = :id"),
            {"to": first.id, "id": row.id},
        )
    for before, after in pairwise(rows):
        bind.execute(
            sa.text(
                "INSERT INTO change (entity, entity_id, field, before, after, look_id, changed_at) "
                "VALUES ('listing', :id, 'section', :before, :after, NULL, :at)"
            ),
            {"id": first.id, "before": before.section, "after": after.section, "at": after.first_seen_at},
        )
    for row in rows[1:]:
        bind.execute(sa.text("DELETE FROM listing WHERE id = :id"), {"id": row.id})
    bind.execute(
        sa.text(
            "UPDATE listing SET section = :section, last_seen_at = :last, misses = :misses, missing_since = :since, "
            "removed_at = :removed WHERE id = :id"
        ),
        {
            "section": now.section,
            "last": now.last_seen_at,
            "misses": now.misses,
            "since": now.missing_since,
            "removed": now.removed_at,
            "id": first.id,
        },
    )
