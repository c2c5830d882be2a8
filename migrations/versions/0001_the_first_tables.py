"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("caller_type", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_act", sa.String(length=40), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("target_class", sa.Text(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivery_proof", sa.Text(), nullable=True),
        sa.Column("public_url", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("disposition", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("review_state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "asked_act IN ('ends', 'pauses', 'restricts', 'safeguards', 'commits', 'changes_policy', 'discloses', 'complies', 'supports_regulation', 'opposes_regulation', 'upholds', 'defends', 'denies', 'declines_comment', 'silent', 'launches', 'divests', 'walks_back', 'sanctions_critics', 'litigates')",
            name=op.f("ck_calls_asked_act"),
        ),
        sa.CheckConstraint(
            "disposition IN ('publish', 'review')", name=op.f("ck_calls_disposition")
        ),
        sa.CheckConstraint(
            "level IN ('confirmed', 'reported', 'unconfirmed', 'disputed', 'retracted')",
            name=op.f("ck_calls_level"),
        ),
        sa.CheckConstraint(
            "origin IN ('starter', 'extracted', 'imported', 'editor')", name=op.f("ck_calls_origin")
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_calls_precision"),
        ),
        sa.CheckConstraint(
            "review_state IN ('proposed', 'accepted', 'edited', 'rejected')",
            name=op.f("ck_calls_review_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("ix_calls_published_date", ["published", "date"], unique=False)

    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_history_record_kind_record_id", ["record_kind", "record_id"], unique=False
        )

    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("aggregator", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "tier IN ('primary', 'advocacy', 'reliable', 'weak', 'mirror')",
            name=op.f("ck_hosts_tier"),
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "limits",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window_start", name=op.f("pk_limits")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("focus", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.Column("standalone", sa.Boolean(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("ambiguity", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('company', 'advocacy_group', 'union', 'regulator', 'legislature', 'government', 'research', 'media', 'industry_association')",
            name=op.f("ck_organisations_kind"),
        ),
        sa.CheckConstraint(
            "origin IN ('starter', 'extracted', 'imported', 'editor')",
            name=op.f("ck_organisations_origin"),
        ),
        sa.CheckConstraint("slug <> '' AND name <> ''", name=op.f("ck_organisations_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index("ix_organisations_kind_name", ["kind", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_name"), ["name"], unique=False)

    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmation_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'suspended', 'stopped')",
            name=op.f("ck_subscribers_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sa.UniqueConstraint("token", name=op.f("uq_subscribers_token")),
    )
    op.create_table(
        "topics",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("topic_group", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("cues", sa.Text(), nullable=False),
        sa.Column("excludes", sa.Text(), nullable=False),
        sa.Column("reference_side", sa.Text(), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('practice', 'protection')", name=op.f("ck_topics_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_topics")),
        sa.UniqueConstraint("slug", name=op.f("uq_topics_slug")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('editor', 'operator')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "call_callers",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_callers_call_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_call_callers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("call_id", "place", name=op.f("pk_call_callers")),
    )
    with op.batch_alter_table("call_callers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_callers_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "call_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_date", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_call_targets_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'acknowledged', 'partially_answered', 'answered', 'rejected', 'ignored', 'superseded', 'reversed')",
            name=op.f("ck_call_targets_status"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_targets_call_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_call_targets_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_targets")),
        sa.UniqueConstraint(
            "call_id", "organisation_id", name=op.f("uq_call_targets_call_id_organisation_id")
        ),
    )
    with op.batch_alter_table("call_targets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_targets_organisation_id_status", ["organisation_id", "status"], unique=False
        )

    op.create_table(
        "call_topics",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_topics_call_id")),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_call_topics_topic")),
        sa.PrimaryKeyConstraint("call_id", "place", name=op.f("pk_call_topics")),
    )
    with op.batch_alter_table("call_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_topics_topic"), ["topic"], unique=False)

    op.create_table(
        "organisation_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('alias', 'brand', 'former')", name=op.f("ck_organisation_names_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_names_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_names")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "text",
            name=op.f("uq_organisation_names_organisation_id_kind_text"),
        ),
    )
    with op.batch_alter_table("organisation_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_names_text"), ["text"], unique=False)

    op.create_table(
        "parents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("organisation_id <> parent_id", name=op.f("ck_parents_not_itself")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_parents_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisations.id"], name=op.f("fk_parents_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parents")),
        sa.UniqueConstraint(
            "organisation_id",
            "parent_id",
            "since",
            name=op.f("uq_parents_organisation_id_parent_id_since"),
        ),
    )
    with op.batch_alter_table("parents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parents_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint(
            "name", "organisation_id", "role", name=op.f("uq_people_name_organisation_id_role")
        ),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_search_documents_company_id")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_search_documents_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_documents_kind_record_id")),
    )
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_documents_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_search_documents_day"), ["day"], unique=False)

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("publisher_kind", sa.Text(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("last_polled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_new", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("error_cause", sa.String(length=40), nullable=True),
        sa.Column("error_fault", sa.String(length=40), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_seen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "error_fault IN ('theirs', 'ours')", name=op.f("ck_sources_error_fault")
        ),
        sa.CheckConstraint("kind IN ('feed', 'page')", name=op.f("ck_sources_kind")),
        sa.CheckConstraint(
            "origin IN ('starter', 'extracted', 'imported', 'editor')",
            name=op.f("ck_sources_origin"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'gone')", name=op.f("ck_sources_status")
        ),
        sa.CheckConstraint(
            "tier IN ('primary', 'advocacy', 'reliable', 'weak', 'mirror')",
            name=op.f("ck_sources_tier"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_sources_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sources_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_sources_status_next_due", ["status", "next_due"], unique=False)

    op.create_table(
        "stances",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("first_reported", sa.Date(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("speaker_role", sa.Text(), nullable=True),
        sa.Column("authority", sa.String(length=40), nullable=True),
        sa.Column("trigger_code", sa.String(length=40), nullable=False),
        sa.Column("extent", sa.String(length=40), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("track", sa.String(length=40), nullable=True),
        sa.Column("matter", sa.Text(), nullable=True),
        sa.Column("joint_id", sa.Text(), nullable=True),
        sa.Column("novelty", sa.String(length=40), nullable=False),
        sa.Column("modality", sa.String(length=40), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("review_state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "act IN ('ends', 'pauses', 'restricts', 'safeguards', 'commits', 'changes_policy', 'discloses', 'complies', 'supports_regulation', 'opposes_regulation', 'upholds', 'defends', 'denies', 'declines_comment', 'silent', 'launches', 'divests', 'walks_back', 'sanctions_critics', 'litigates')",
            name=op.f("ck_stances_act"),
        ),
        sa.CheckConstraint(
            "authority IN ('board', 'ceo', 'executive', 'spokesperson', 'policy_page', 'filing', 'leak', 'anonymous', 'press')",
            name=op.f("ck_stances_authority"),
        ),
        sa.CheckConstraint(
            "disposition IN ('publish', 'review')", name=op.f("ck_stances_disposition")
        ),
        sa.CheckConstraint("extent IN ('full', 'part')", name=op.f("ck_stances_extent")),
        sa.CheckConstraint(
            "level IN ('confirmed', 'reported', 'unconfirmed', 'disputed', 'retracted')",
            name=op.f("ck_stances_level"),
        ),
        sa.CheckConstraint(
            "modality IN ('asserted', 'planned', 'hedged', 'hypothetical', 'demanded', 'denied', 'background')",
            name=op.f("ck_stances_modality"),
        ),
        sa.CheckConstraint("novelty IN ('new', 'background')", name=op.f("ck_stances_novelty")),
        sa.CheckConstraint(
            "origin IN ('starter', 'extracted', 'imported', 'editor')",
            name=op.f("ck_stances_origin"),
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_stances_precision"),
        ),
        sa.CheckConstraint(
            "review_state IN ('proposed', 'accepted', 'edited', 'rejected')",
            name=op.f("ck_stances_review_state"),
        ),
        sa.CheckConstraint("track IN ('says', 'does', 'both')", name=op.f("ck_stances_track")),
        sa.CheckConstraint(
            "trigger_code IN ('voluntary', 'legal_order', 'settlement', 'government_request', 'regulator_pressure', 'sanction', 'court_loss')",
            name=op.f("ck_stances_trigger_code"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_stances_confidence")),
        sa.CheckConstraint("direction BETWEEN -3 AND 3", name=op.f("ck_stances_direction")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_stances_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stances")),
    )
    with op.batch_alter_table("stances", schema=None) as batch_op:
        batch_op.create_index("ix_stances_company_id_date", ["company_id", "date"], unique=False)
        batch_op.create_index(batch_op.f("ix_stances_joint_id"), ["joint_id"], unique=False)
        batch_op.create_index(
            "ix_stances_published_level_date", ["published", "level", "date"], unique=False
        )

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'ended')", name=op.f("ck_subscriptions_state")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_subscriptions_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_subscriptions_subscriber_id")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_subscriptions_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("token", name=op.f("uq_subscriptions_token")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_subscriptions_state_company_id_topic",
            ["state", "company_id", "topic"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_subscriptions_subscriber_id"), ["subscriber_id"], unique=False
        )

    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("change_key", sa.Text(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("subscription_ids", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("mailed_with", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('stance', 'change', 'correction', 'confirmation', 'operator')",
            name=op.f("ck_alerts_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('owed', 'sent', 'failed', 'withdrawn_before_send')",
            name=op.f("ck_alerts_state"),
        ),
        sa.ForeignKeyConstraint(["mailed_with"], ["alerts.id"], name=op.f("fk_alerts_mailed_with")),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_alerts_stance_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_alerts_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("message_id", name=op.f("uq_alerts_message_id")),
        sa.UniqueConstraint(
            "subscriber_id",
            "change_key",
            "kind",
            name=op.f("uq_alerts_subscriber_id_change_key_kind"),
        ),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_change_key"), ["change_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_alerts_mailed_with"), ["mailed_with"], unique=False)
        batch_op.create_index(batch_op.f("ix_alerts_stance_id"), ["stance_id"], unique=False)
        batch_op.create_index("ix_alerts_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_offset_s", sa.Integer(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("simhash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_articles_source_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_articles_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_articles_host"), ["host"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_published"), ["published"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_simhash"), ["simhash"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_story_id"), ["story_id"], unique=False)

    op.create_table(
        "call_target_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_date", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("answered_by", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_call_target_statuses_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'acknowledged', 'partially_answered', 'answered', 'rejected', 'ignored', 'superseded', 'reversed')",
            name=op.f("ck_call_target_statuses_status"),
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["call_targets.id"], name=op.f("fk_call_target_statuses_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_target_statuses")),
    )
    with op.batch_alter_table("call_target_statuses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_target_statuses_target_id"), ["target_id"], unique=False
        )

    op.create_table(
        "changes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("says_before", sa.String(length=40), nullable=False),
        sa.Column("says_after", sa.String(length=40), nullable=False),
        sa.Column("does_before", sa.String(length=40), nullable=False),
        sa.Column("does_after", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('first', 'confirmed', 'strengthened', 'narrowed', 'tightened', 'weakened', 'reversed', 'expired', 'contradicted', 'recorded')",
            name=op.f("ck_changes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_changes_company_id")
        ),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_changes_stance_id")),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_changes_topic")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_noticed_at"), ["noticed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_changes_stance_id"), ["stance_id"], unique=False)

    op.create_table(
        "position_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("track", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("word_before", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("last_evidence", sa.Date(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("compelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "change IN ('first', 'confirmed', 'strengthened', 'narrowed', 'tightened', 'weakened', 'reversed', 'expired', 'contradicted', 'recorded')",
            name=op.f("ck_position_spans_change"),
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_position_spans_precision"),
        ),
        sa.CheckConstraint(
            "track IN ('says', 'does', 'both')", name=op.f("ck_position_spans_track")
        ),
        sa.CheckConstraint(
            "word IN ('stopped', 'paused', 'limited', 'unclear', 'continues', 'expands', 'no_statement')",
            name=op.f("ck_position_spans_word"),
        ),
        sa.CheckConstraint(
            "word_before IN ('stopped', 'paused', 'limited', 'unclear', 'continues', 'expands', 'no_statement')",
            name=op.f("ck_position_spans_word_before"),
        ),
        sa.CheckConstraint("until IS NULL OR since < until", name=op.f("ck_position_spans_order")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisations.id"], name=op.f("fk_position_spans_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["stance_id"], ["stances.id"], name=op.f("fk_position_spans_stance_id")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_position_spans_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_spans")),
    )
    with op.batch_alter_table("position_spans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_position_spans_company_id_topic", ["company_id", "topic"], unique=False
        )
        batch_op.create_index("ix_position_spans_since", ["since"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_position_spans_stance_id"), ["stance_id"], unique=False
        )
        batch_op.create_index("ix_position_spans_topic_since", ["topic", "since"], unique=False)

    op.create_table(
        "reactions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_type", sa.String(length=40), nullable=False),
        sa.Column("affiliate", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("reaction", sa.String(length=40), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("practice", sa.Text(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("target_class", sa.Text(), nullable=True),
        sa.Column("novelty", sa.String(length=40), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("review_state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "disposition IN ('publish', 'review')", name=op.f("ck_reactions_disposition")
        ),
        sa.CheckConstraint(
            "level IN ('confirmed', 'reported', 'unconfirmed', 'disputed', 'retracted')",
            name=op.f("ck_reactions_level"),
        ),
        sa.CheckConstraint("novelty IN ('new', 'background')", name=op.f("ck_reactions_novelty")),
        sa.CheckConstraint(
            "origin IN ('starter', 'extracted', 'imported', 'editor')",
            name=op.f("ck_reactions_origin"),
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'quarter', 'year', 'range')",
            name=op.f("ck_reactions_precision"),
        ),
        sa.CheckConstraint(
            "reaction IN ('welcomes', 'welcomes_insufficient', 'criticises', 'demands', 'sues', 'investigates', 'sanctions', 'reports', 'supports_peer', 'follows', 'drops_supplier', 'resigns_protests', 'divests_from', 'votes', 'commits_self', 'neutral')",
            name=op.f("ck_reactions_reaction"),
        ),
        sa.CheckConstraint(
            "review_state IN ('proposed', 'accepted', 'edited', 'rejected')",
            name=op.f("ck_reactions_review_state"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["organisations.id"], name=op.f("fk_reactions_actor_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_reactions_call_id")),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_reactions_stance_id")),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_reactions_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reactions")),
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index("ix_reactions_actor_id_date", ["actor_id", "date"], unique=False)
        batch_op.create_index(batch_op.f("ix_reactions_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reactions_date"), ["date"], unique=False)
        batch_op.create_index(batch_op.f("ix_reactions_stance_id"), ["stance_id"], unique=False)

    op.create_table(
        "relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reverses', 'modifies', 'extends', 'contradicts', 'implements', 'answers', 'joint_with', 'supports', 'supersedes', 'duplicate_of')",
            name=op.f("ck_relations_kind"),
        ),
        sa.CheckConstraint("stance_id <> to_id", name=op.f("ck_relations_not_itself")),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_relations_stance_id")),
        sa.ForeignKeyConstraint(["to_id"], ["stances.id"], name=op.f("fk_relations_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
        sa.UniqueConstraint(
            "stance_id", "kind", "to_id", name=op.f("uq_relations_stance_id_kind_to_id")
        ),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relations_to_id"), ["to_id"], unique=False)

    op.create_table(
        "source_days",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("new_entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_days_source_id")
        ),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_days")),
    )
    op.create_table(
        "stance_topics",
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["stance_id"], ["stances.id"], name=op.f("fk_stance_topics_stance_id")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.code"], name=op.f("fk_stance_topics_topic")),
        sa.PrimaryKeyConstraint("stance_id", "place", name=op.f("pk_stance_topics")),
    )
    with op.batch_alter_table("stance_topics", schema=None) as batch_op:
        batch_op.create_index("ix_stance_topics_topic_place", ["topic", "place"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "result IN ('accepted', 'refused', 'failed', 'withdrawn')",
            name=op.f("ck_deliveries_result"),
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_deliveries_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_offset_s", sa.Integer(), nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'quarantined')", name=op.f("ck_entries_state")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_entries_article_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_entries_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_entries_source_id_key")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entries_first_seen"), ["first_seen"], unique=False)
        batch_op.create_index("ix_entries_state_next_try", ["state", "next_try"], unique=False)

    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("reaction_id", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN stance_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN reaction_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN call_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_links_one_record"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_links_call_id")),
        sa.ForeignKeyConstraint(
            ["reaction_id"], ["reactions.id"], name=op.f("fk_links_reaction_id")
        ),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_links_stance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("call_id", "url", name=op.f("uq_links_call_id_url")),
        sa.UniqueConstraint("reaction_id", "url", name=op.f("uq_links_reaction_id_url")),
        sa.UniqueConstraint("stance_id", "url", name=op.f("uq_links_stance_id_url")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_url"), ["url"], unique=False)

    op.create_table(
        "reaction_about",
        sa.Column("reaction_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_reaction_about_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reaction_id"], ["reactions.id"], name=op.f("fk_reaction_about_reaction_id")
        ),
        sa.PrimaryKeyConstraint("reaction_id", "place", name=op.f("pk_reaction_about")),
    )
    with op.batch_alter_table("reaction_about", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reaction_about_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_from", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'quarantined')", name=op.f("ck_snapshots_state")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_snapshots_sha256")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_snapshots_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("article_id", "sha256", name=op.f("uq_snapshots_article_id_sha256")),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index("ix_snapshots_state_next_try", ["state", "next_try"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("reaction_id", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("field IN ('text', 'title')", name=op.f("ck_evidence_field")),
        sa.CheckConstraint(
            "role IN ('primary', 'report', 'background')", name=op.f("ck_evidence_role")
        ),
        sa.CheckConstraint(
            "state IN ('intact', 'moved', 'changed', 'vanished')", name=op.f("ck_evidence_state")
        ),
        sa.CheckConstraint(
            "(CASE WHEN stance_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN reaction_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN call_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_evidence_one_record"),
        ),
        sa.CheckConstraint("0 <= start_at AND start_at < end_at", name=op.f("ck_evidence_span")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_evidence_call_id")),
        sa.ForeignKeyConstraint(
            ["reaction_id"], ["reactions.id"], name=op.f("fk_evidence_reaction_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_evidence_snapshot_id")
        ),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_evidence_stance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "call_id",
            "snapshot_id",
            "field",
            "start_at",
            name=op.f("uq_evidence_call_id_snapshot_id_field_start_at"),
        ),
        sa.UniqueConstraint(
            "reaction_id",
            "snapshot_id",
            "field",
            "start_at",
            name=op.f("uq_evidence_reaction_id_snapshot_id_field_start_at"),
        ),
        sa.UniqueConstraint(
            "stance_id",
            "snapshot_id",
            "field",
            "start_at",
            name=op.f("uq_evidence_stance_id_snapshot_id_field_start_at"),
        ),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_snapshot_id"), ["snapshot_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("claim", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('recorded', 'joined', 'unlocated', 'unknown_name', 'set_aside')",
            name=op.f("ck_findings_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_findings_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_snapshot_id"), ["snapshot_id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('proposed', 'accepted', 'edited', 'rejected')",
            name=op.f("ck_reviews_decision"),
        ),
        sa.CheckConstraint(
            "record_kind IN ('stance', 'reaction', 'call')", name=op.f("ck_reviews_record_kind")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_reviews_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reviews_decided_at_asked_at", ["decided_at", "asked_at"], unique=False
        )
        batch_op.create_index(
            "ix_reviews_record_kind_record_id", ["record_kind", "record_id"], unique=False
        )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
