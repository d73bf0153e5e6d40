"""A case is an event over all platforms: release groups, profile groups, findings; verdicts keep what had fired.

A migration that changes a table some view reads begins with `drop_views(op.get_bind())`; the views come back by
themselves when the newest version is reached (alembic/env.py).
"""

import json

import sqlalchemy as sa
from alembic import op

from storage.views import drop_views

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_views(op.get_bind())
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="of its first tie"),
        sa.Column("ties", sa.Text(), nullable=False, comment="JSON: what ties its cases, with the values"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("key", name=op.f("uq_campaign_key")),
    )
    op.create_table(
        "profile_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["profile_group.id"], name=op.f("fk_profile_group_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_group")),
        comment="one act's pages over the platforms",
    )
    with op.batch_alter_table("profile_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_group_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "release_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["release_group.id"], name=op.f("fk_release_group_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_group")),
        comment="one release as a person counts it",
    )
    with op.batch_alter_table("release_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_group_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "census",
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="release or profile"),
        sa.Column("place", sa.SmallInteger(), nullable=False, comment="1: the one most unlike the rest"),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, comment="JSON, as in a case"),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_census_artist_id")),
        sa.PrimaryKeyConstraint("artist_id", "group_id", "kind", name=op.f("pk_census")),
        comment="what already stood on and near an artist's pages, most unlike first",
    )
    op.create_table(
        "grouped_profile",
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="alone, shared release, reference, name"),
        sa.Column("grouped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["profile_group.id"], name=op.f("fk_grouped_profile_group_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_grouped_profile_profile_id")),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_grouped_profile")),
    )
    with op.batch_alter_table("grouped_profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grouped_profile_group_id"), ["group_id"], unique=False)

    op.create_table(
        "grouped_release",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "fold", sa.Text(), server_default="", nullable=False, comment="folded title without a store's suffix"
        ),
        sa.Column("grouped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["release_group.id"], name=op.f("fk_grouped_release_group_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_grouped_release_release_id")),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_grouped_release")),
    )
    with op.batch_alter_table("grouped_release", schema=None) as batch_op:
        batch_op.create_index("ix_grouped_release_fold", ["fold"], unique=False)
        batch_op.create_index(batch_op.f("ix_grouped_release_group_id"), ["group_id"], unique=False)

    op.create_table(
        "rejudge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("artist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="release, profile, census"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False, comment="why it could not be judged"),
        sa.Column("rule_version", sa.Text(), server_default="", nullable=False, comment="the rules that failed on it"),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], name=op.f("fk_rejudge_artist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudge")),
        comment="events that wait for judgement",
    )
    with op.batch_alter_table("rejudge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rejudge_artist_id"), ["artist_id"], unique=False)
        batch_op.create_index("uq_rejudge", ["artist_id", "kind", "group_id"], unique=True)

    op.create_table(
        "release_tie",
        sa.Column(
            "release_a",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the smaller id of the two",
        ),
        sa.Column("release_b", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="gtin, isrc, page, or cut: a person took them apart"),
        sa.Column("value", sa.Text(), nullable=False, comment="what they share; for a cut, who cut"),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["release_a"], ["release.id"], name=op.f("fk_release_tie_release_a")),
        sa.ForeignKeyConstraint(["release_b"], ["release.id"], name=op.f("fk_release_tie_release_b")),
        sa.PrimaryKeyConstraint("release_a", "release_b", "basis", name=op.f("pk_release_tie")),
    )
    with op.batch_alter_table("release_tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_tie_release_b"), ["release_b"], unique=False)

    op.create_table(
        "case_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text(), nullable=False, comment="opened, scored, status, merged, split, told"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_case_history_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_history")),
        comment="append-only",
    )
    with op.batch_alter_table("case_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_history_case_id"), ["case_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.Text(), nullable=False, comment="listed, appears_on, credited, named, page"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["suspect_case.id"], name=op.f("fk_finding_case_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_finding_profile_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_finding_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        comment="one binding of an event on one platform",
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_profile_id"), ["profile_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_release_id"), ["release_id"], unique=False)
        batch_op.create_index(
            "uq_finding_page",
            ["case_id", "profile_id"],
            unique=True,
            sqlite_where=sa.text("release_id IS NULL"),
            postgresql_where=sa.text("release_id IS NULL"),
        )
        batch_op.create_index(
            "uq_finding_release",
            ["case_id", "profile_id", "release_id"],
            unique=True,
            sqlite_where=sa.text("release_id IS NOT NULL"),
            postgresql_where=sa.text("release_id IS NOT NULL"),
        )

    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rank",
                sa.SmallInteger(),
                server_default="2",
                nullable=False,
                comment="1 rights holder, 2 analyst, 3 detector",
            )
        )
        batch_op.add_column(
            sa.Column(
                "signals",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="JSON: what had fired when it was given",
            )
        )

    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "attack",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="what it would be: hijack, look-alike, ...",
            )
        )
        batch_op.add_column(
            sa.Column(
                "group_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="release group; profile group for profile, page for tampering",
            )
        )
        batch_op.add_column(
            sa.Column(
                "origin",
                sa.Text(),
                server_default="news",
                nullable=False,
                comment="news, or census: it stood there already",
            )
        )
        batch_op.add_column(
            sa.Column(
                "loud",
                sa.Boolean(),
                server_default=sa.text("(false)"),
                nullable=False,
                comment="above the alert cut when judged",
            )
        )
        batch_op.add_column(sa.Column("score", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("bits", sa.Float(), server_default="0", nullable=False, comment="the sum of the quoted parts")
        )
        batch_op.add_column(
            sa.Column("title", sa.Text(), server_default="", nullable=False, comment="what it is about, as printed")
        )
        batch_op.add_column(
            sa.Column(
                "meaning", sa.Text(), server_default="", nullable=False, comment="hash of what consumers must be told"
            )
        )
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("reopened_because", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "gone_at", sa.DateTime(timezone=True), nullable=True, comment="since when no page shows it any more"
            )
        )

    _regroup(op.get_bind())

    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suspect_case_profile_id"))
        batch_op.drop_index(batch_op.f("ix_suspect_case_release_id"))
        batch_op.drop_index(batch_op.f("ix_suspect_case_status"))
        batch_op.create_index("ix_suspect_case_status", ["status", "score"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_suspect_case_group", ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_merged_into"), ["merged_into"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_suspect_case_release_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_suspect_case_profile_id"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_suspect_case_campaign_id"), "campaign", ["campaign_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_suspect_case_merged_into"), "suspect_case", ["merged_into"], ["id"])
        batch_op.drop_column("role")
        batch_op.drop_column("release_id")
        batch_op.drop_column("profile_id")
        batch_op.alter_column(
            "group_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        )
    if op.get_bind().dialect.name == "postgresql":
        _comment(1)


def downgrade() -> None:
    drop_views(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        _comment(-1)
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_column("signals")
        batch_op.drop_column("rank")

    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("profile_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("role", sa.Text(), server_default="", nullable=False))

    _ungroup(op.get_bind())

    with op.batch_alter_table("suspect_case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_suspect_case_merged_into"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_suspect_case_campaign_id"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_suspect_case_profile_id"), "profile", ["profile_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_suspect_case_release_id"), "release", ["release_id"], ["id"])
        batch_op.drop_index(batch_op.f("ix_suspect_case_merged_into"))
        batch_op.drop_index("ix_suspect_case_group")
        batch_op.drop_index(batch_op.f("ix_suspect_case_campaign_id"))
        batch_op.drop_index("ix_suspect_case_status")
        batch_op.create_index(batch_op.f("ix_suspect_case_status"), ["status", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_release_id"), ["release_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspect_case_profile_id"), ["profile_id"], unique=False)
        batch_op.drop_column("gone_at")
        batch_op.drop_column("campaign_id")
        batch_op.drop_column("merged_into")
        batch_op.drop_column("reopened_because")
        batch_op.drop_column("revision")
        batch_op.drop_column("meaning")
        batch_op.drop_column("title")
        batch_op.drop_column("bits")
        batch_op.drop_column("score")
        batch_op.drop_column("loud")
        batch_op.drop_column("origin")
        batch_op.drop_column("group_id")
        batch_op.drop_column("attack")
        batch_op.alter_column(
            "profile_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        )

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_finding_release",
            sqlite_where=sa.text("release_id IS NOT NULL"),
            postgresql_where=sa.text("release_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_finding_page",
            sqlite_where=sa.text("release_id IS NULL"),
            postgresql_where=sa.text("release_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_finding_release_id"))
        batch_op.drop_index(batch_op.f("ix_finding_profile_id"))
        batch_op.drop_index(batch_op.f("ix_finding_case_id"))

    op.drop_table("finding")
    with op.batch_alter_table("case_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_history_case_id"))

    op.drop_table("case_history")
    with op.batch_alter_table("release_tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_tie_release_b"))

    op.drop_table("release_tie")
    with op.batch_alter_table("rejudge", schema=None) as batch_op:
        batch_op.drop_index("uq_rejudge")
        batch_op.drop_index(batch_op.f("ix_rejudge_artist_id"))

    op.drop_table("rejudge")
    with op.batch_alter_table("grouped_release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grouped_release_group_id"))
        batch_op.drop_index("ix_grouped_release_fold")

    op.drop_table("grouped_release")
    with op.batch_alter_table("grouped_profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grouped_profile_group_id"))

    op.drop_table("grouped_profile")
    op.drop_table("census")
    with op.batch_alter_table("release_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_group_merged_into"))

    op.drop_table("release_group")
    with op.batch_alter_table("profile_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_group_merged_into"))

    op.drop_table("profile_group")
    op.drop_table("campaign")


COMMENTS = (
    ("outbox", "event", "opened, changed, decided", "opened, changed, decided, withdrawn"),
    (
        "suspect_case",
        "key",
        "kind and binding: the same suspicion is one case",
        "kind of event, artist and group: one event is one case",
    ),
    ("suspect_case", "kind", None, "release, profile, disappearance, tampering"),
    (
        "suspect_case",
        "status",
        "open or decided",
        "open, watching, confirmed, cleared, takedown_requested, gone, returned, merged",
    ),
    (
        "verdict",
        "decision",
        "impersonation, legitimate, namesake, unsure",
        "impersonation, legitimate, namesake, takedown, unsure",
    ),
    ("verdict", "authority", None, "who decided"),
)


def _comment(direction: int) -> None:
    """Write what columns mean now (1), or what they meant before (-1); only PostgreSQL keeps it."""
    for table, column, before, after in COMMENTS:
        said, was = (after, before) if direction > 0 else (before, after)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                column, existing_type=sa.Text(), existing_nullable=False, comment=said, existing_comment=was
            )


def _regroup(connection: sa.Connection) -> None:
    """Give every case its group and findings; cases of one event become one, and keep every verdict."""
    rows = connection.execute(
        sa.text(
            "SELECT c.id, c.kind, c.artist_id, c.profile_id, c.release_id, c.role, c.status, c.evidence, c.opened_at, "
            "c.score_low, p.name AS profile, r.title AS release, "
            "(SELECT decision FROM verdict WHERE case_id = c.id ORDER BY id DESC LIMIT 1) AS decision "
            "FROM suspect_case c JOIN profile p ON p.id = c.profile_id LEFT JOIN release r ON r.id = c.release_id "
            "ORDER BY c.id"
        )
    ).all()
    groups: dict[tuple[str, int], int] = {}
    first: dict[str, int] = {}
    for row in rows:
        kind = "profile" if row.release_id is None else "release"
        about = row.profile_id if row.release_id is None else row.release_id
        if (kind, about) not in groups:
            groups[kind, about] = _group(connection, kind, about, row.opened_at)
        group_id = groups[kind, about]
        key = f"{kind}:{row.artist_id}:{group_id}"
        evidence = [
            {"signal": s["signal"], "reason": s["reason"], "state": s["state"], "bits": 0.0, "because": s["because"]}
            for s in json.loads(row.evidence)
        ]
        values = {
            "id": row.id,
            "kind": kind,
            "group_id": group_id,
            "status": STATUS.get(row.decision, "open"),
            "score": row.score_low,
            "title": row.release or row.profile,
            "evidence": json.dumps(evidence, ensure_ascii=False, sort_keys=True),
            "key": key if key not in first else f"merged:{row.id}",
            "merged_into": first.get(key),
        }
        connection.execute(
            sa.text(
                "UPDATE suspect_case SET kind = :kind, group_id = :group_id, status = :status, score = :score, "
                "title = :title, evidence = :evidence, key = :key, merged_into = :merged_into WHERE id = :id"
            ),
            values,
        )
        if key in first:
            connection.execute(sa.text("UPDATE suspect_case SET status = 'merged' WHERE id = :id"), {"id": row.id})
            connection.execute(
                sa.text("UPDATE verdict SET case_id = :first WHERE case_id = :id"), {"first": first[key], "id": row.id}
            )
            if row.decision in STATUS:
                connection.execute(
                    sa.text("UPDATE suspect_case SET status = :status WHERE id = :id"),
                    {"status": STATUS[row.decision], "id": first[key]},
                )
        kept = first.setdefault(key, row.id)
        _find(connection, kept, row)


STATUS = {"impersonation": "confirmed", "legitimate": "cleared", "namesake": "cleared", "unsure": "watching"}


def _group(connection: sa.Connection, kind: str, about: int, at: object) -> int:
    head = f"INSERT INTO {kind}_group (made_at) VALUES (:at) RETURNING id"
    group_id = int(connection.execute(sa.text(head), {"at": at}).scalar_one())
    more = {"release": ("fold", ""), "profile": ("basis", "alone")}[kind]
    connection.execute(
        sa.text(
            f"INSERT INTO grouped_{kind} ({kind}_id, group_id, {more[0]}, grouped_at) "
            "VALUES (:about, :group, :more, :at)"
        ),
        {"about": about, "group": group_id, "more": more[1], "at": at},
    )
    return group_id


def _find(connection: sa.Connection, case_id: int, row: sa.Row[tuple[object, ...]]) -> None:
    known = connection.execute(
        sa.text(
            "SELECT 1 FROM finding WHERE case_id = :case AND profile_id = :page "
            "AND coalesce(release_id, 0) = coalesce(CAST(:release AS BIGINT), 0)"
        ),
        {"case": case_id, "page": row.profile_id, "release": row.release_id},
    ).first()
    if known is None:
        connection.execute(
            sa.text(
                "INSERT INTO finding (case_id, profile_id, release_id, role, first_seen_at) "
                "VALUES (:case, :page, :release, :role, :at)"
            ),
            {
                "case": case_id,
                "page": row.profile_id,
                "release": row.release_id,
                "role": row.role or ("page" if row.release_id is None else "listed"),
                "at": row.opened_at,
            },
        )


def _ungroup(connection: sa.Connection) -> None:
    """Give every case its first finding back; what has none can't be held by the older schema."""
    connection.execute(
        sa.text(
            "UPDATE suspect_case SET "
            "profile_id = (SELECT profile_id FROM finding WHERE case_id = suspect_case.id ORDER BY id LIMIT 1), "
            "release_id = (SELECT release_id FROM finding WHERE case_id = suspect_case.id ORDER BY id LIMIT 1), "
            "role = coalesce((SELECT role FROM finding WHERE case_id = suspect_case.id ORDER BY id LIMIT 1), ''), "
            "status = CASE WHEN status IN ('open', 'watching', 'returned') THEN 'open' ELSE 'decided' END, "
            "merged_into = NULL, campaign_id = NULL"
        )
    )
    for table in ("outbox", "verdict", "finding", "case_history"):
        connection.execute(
            sa.text(f"DELETE FROM {table} WHERE case_id IN (SELECT id FROM suspect_case WHERE profile_id IS NULL)")
        )
    connection.execute(sa.text("DELETE FROM suspect_case WHERE profile_id IS NULL"))
