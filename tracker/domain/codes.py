"""The closed sets of codes: codebook sections 1 to 6, ledger.md section A, product.md."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is."""

    COMPANY = "company"
    ADVOCACY_GROUP = "advocacy_group"
    UNION = "union"
    REGULATOR = "regulator"
    LEGISLATURE = "legislature"
    GOVERNMENT = "government"
    RESEARCH = "research"
    MEDIA = "media"
    INDUSTRY_ASSOCIATION = "industry_association"


class NameKind(StrEnum):
    """What a name of an organisation is."""

    ALIAS = "alias"
    BRAND = "brand"
    FORMER = "former"


class ActorType(StrEnum):
    """Who reacts or calls (codebook section 3)."""

    ADVOCACY_GROUP = "advocacy_group"
    COALITION = "coalition"
    WORKERS = "workers"
    UNION = "union"
    RESEARCHER = "researcher"
    EXPERT_BODY = "expert_body"
    LEGISLATOR = "legislator"
    LEGISLATURE = "legislature"
    REGULATOR = "regulator"
    GOVERNMENT = "government"
    POLITICIAN = "politician"
    SHAREHOLDER = "shareholder"
    PEER_COMPANY = "peer_company"
    INDUSTRY_ASSOCIATION = "industry_association"
    CUSTOMER = "customer"
    USERS = "users"
    AFFECTED_PERSON = "affected_person"
    LAWYERS = "lawyers"
    MEDIA = "media"
    JOURNALIST = "journalist"
    THINK_TANK = "think_tank"
    COUNTER_ADVOCATE = "counter_advocate"


class Act(StrEnum):
    """What a company does on a matter (codebook section 2, closed set of 20)."""

    ENDS = "ends"
    PAUSES = "pauses"
    RESTRICTS = "restricts"
    SAFEGUARDS = "safeguards"
    COMMITS = "commits"
    CHANGES_POLICY = "changes_policy"
    DISCLOSES = "discloses"
    COMPLIES = "complies"
    SUPPORTS_REGULATION = "supports_regulation"
    OPPOSES_REGULATION = "opposes_regulation"
    UPHOLDS = "upholds"
    DEFENDS = "defends"
    DENIES = "denies"
    DECLINES_COMMENT = "declines_comment"
    SILENT = "silent"
    LAUNCHES = "launches"
    DIVESTS = "divests"
    WALKS_BACK = "walks_back"
    SANCTIONS_CRITICS = "sanctions_critics"
    LITIGATES = "litigates"


class ReactionKind(StrEnum):
    """How an actor answers a stance or practice (codebook section 3)."""

    WELCOMES = "welcomes"
    WELCOMES_INSUFFICIENT = "welcomes_insufficient"
    CRITICISES = "criticises"
    DEMANDS = "demands"
    SUES = "sues"
    INVESTIGATES = "investigates"
    SANCTIONS = "sanctions"
    REPORTS = "reports"
    SUPPORTS_PEER = "supports_peer"
    FOLLOWS = "follows"
    DROPS_SUPPLIER = "drops_supplier"
    RESIGNS_PROTESTS = "resigns_protests"
    DIVESTS_FROM = "divests_from"
    VOTES = "votes"
    COMMITS_SELF = "commits_self"
    NEUTRAL = "neutral"


class TopicKind(StrEnum):
    """Which set of position words a topic uses (ledger.md A.1)."""

    PRACTICE = "practice"
    PROTECTION = "protection"


class Novelty(StrEnum):
    """What the document says about the age of the act (codebook section 6)."""

    NEW = "new"
    BACKGROUND = "background"


class Modality(StrEnum):
    """In which mood the sentence speaks; only ``asserted`` may be published unseen."""

    ASSERTED = "asserted"
    PLANNED = "planned"
    HEDGED = "hedged"
    HYPOTHETICAL = "hypothetical"
    DEMANDED = "demanded"
    DENIED = "denied"
    BACKGROUND = "background"


class Disposition(StrEnum):
    """How sure the extractor is of what this document says."""

    PUBLISH = "publish"
    REVIEW = "review"


class Level(StrEnum):
    """How well a record is attested (codebook section 8)."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


class ReviewState(StrEnum):
    """What a person did with a record."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


class Known(StrEnum):
    """Whose knowledge a look at a past day uses: ours of today, or what was reported by then."""

    NOW = "now"
    THEN = "then"


class Question(StrEnum):
    """What a person is asked: is the record right, does the relation hold, is the position
    unclear now that its term is over, is the condition of a term met (ledger R5, R6)?
    """

    RECORD = "record"
    RELATION = "relation"
    EXPIRED = "expired"
    CONDITION = "condition"


class Origin(StrEnum):
    """How a record came into this database."""

    STARTER = "starter"
    EXTRACTED = "extracted"
    IMPORTED = "imported"
    EDITOR = "editor"


class Precision(StrEnum):
    """How exactly a date is known; a stored date is the first day of its range."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RANGE = "range"


class Extent(StrEnum):
    """Whether an act covers the company's whole practice (ledger.md A.2)."""

    FULL = "full"
    PART = "part"


class Track(StrEnum):
    """The two tracks of a position; a stance may speak to both."""

    SAYS = "says"
    DOES = "does"
    BOTH = "both"


class Trigger(StrEnum):
    """What set an act off (codebook section 2)."""

    VOLUNTARY = "voluntary"
    LEGAL_ORDER = "legal_order"
    SETTLEMENT = "settlement"
    GOVERNMENT_REQUEST = "government_request"
    REGULATOR_PRESSURE = "regulator_pressure"
    SANCTION = "sanction"
    COURT_LOSS = "court_loss"


COMPELLED = frozenset(
    {
        Trigger.LEGAL_ORDER,
        Trigger.SETTLEMENT,
        Trigger.COURT_LOSS,
        Trigger.SANCTION,
        Trigger.GOVERNMENT_REQUEST,
    }
)
"""Triggers that make an act compelled (ledger.md A.2)."""


class Authority(StrEnum):
    """Who spoke for the company (codebook section 2)."""

    BOARD = "board"
    CEO = "ceo"
    EXECUTIVE = "executive"
    SPOKESPERSON = "spokesperson"
    POLICY_PAGE = "policy_page"
    FILING = "filing"
    LEAK = "leak"
    ANONYMOUS = "anonymous"
    PRESS = "press"


class RelationKind(StrEnum):
    """How one stance stands to another (codebook section 6)."""

    REVERSES = "reverses"
    MODIFIES = "modifies"
    EXTENDS = "extends"
    CONTRADICTS = "contradicts"
    IMPLEMENTS = "implements"
    ANSWERS = "answers"
    JOINT_WITH = "joint_with"
    SUPPORTS = "supports"
    SUPERSEDES = "supersedes"
    DUPLICATE_OF = "duplicate_of"


class CallStatus(StrEnum):
    """Where one target of a call stands (codebook section 4)."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_ANSWERED = "partially_answered"
    ANSWERED = "answered"
    REJECTED = "rejected"
    IGNORED = "ignored"
    SUPERSEDED = "superseded"
    REVERSED = "reversed"


class PositionWord(StrEnum):
    """The seven codes of a position; the words people read depend on the kind of topic."""

    STOPPED = "stopped"
    PAUSED = "paused"
    LIMITED = "limited"
    UNCLEAR = "unclear"
    CONTINUES = "continues"
    EXPANDS = "expands"
    NO_STATEMENT = "no_statement"


class ChangeKind(StrEnum):
    """What happened to a position (ledger.md R8); ``recorded`` is a stance that sets none."""

    FIRST = "first"
    CONFIRMED = "confirmed"
    STRENGTHENED = "strengthened"
    NARROWED = "narrowed"
    TIGHTENED = "tightened"
    WEAKENED = "weakened"
    REVERSED = "reversed"
    EXPIRED = "expired"
    CONTRADICTED = "contradicted"
    RECORDED = "recorded"


class EvidenceRole(StrEnum):
    """What a quote does for its record."""

    PRIMARY = "primary"
    REPORT = "report"
    BACKGROUND = "background"


class EvidenceState(StrEnum):
    """What became of a quoted sentence when its page was read again."""

    INTACT = "intact"
    MOVED = "moved"
    CHANGED = "changed"
    VANISHED = "vanished"


class CorrectionKind(StrEnum):
    """Why what was told is no longer so: its quote was edited or is gone, we withdrew the record
    or amended what it says.
    """

    CHANGED = "changed"
    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"


class CheckOutcome(StrEnum):
    """What came of reading a quoted article again."""

    SAME = "same"
    EDITED = "edited"
    GONE = "gone"
    REPLACED = "replaced"
    FAILED = "failed"


class PageChangeKind(StrEnum):
    """What happened to a watched page; ``first`` is the text it had when the watch began."""

    FIRST = "first"
    CHANGED = "changed"
    REMOVED = "removed"
    RETURNED = "returned"


class QuoteField(StrEnum):
    """Which text of a snapshot a quote stands in."""

    TEXT = "text"
    TITLE = "title"


class SourceKind(StrEnum):
    """What is watched at a source's address."""

    FEED = "feed"
    PAGE = "page"
    """A page that links articles, read as if it were a feed."""
    SITEMAP = "sitemap"
    WATCHED = "watched"
    """A page whose own text is watched: a policy, terms, principles."""


class SourceStatus(StrEnum):
    """Whether a source is asked: ``gone`` after HTTP 410, ``paused`` by a person."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class Tier(StrEnum):
    """How far a host is trusted (starter data, hosts)."""

    PRIMARY = "primary"
    ADVOCACY = "advocacy"
    RELIABLE = "reliable"
    WEAK = "weak"
    MIRROR = "mirror"


class AlertKind(StrEnum):
    """Why a mail is owed; every row of the outbox has one."""

    STANCE = "stance"
    CHANGE = "change"
    REACTION = "reaction"
    CALL = "call"
    ANSWER = "answer"
    DEADLINE = "deadline"
    SILENCE = "silence"
    OVERDUE = "overdue"
    AWAITING = "awaiting"
    CORRECTION = "correction"
    CONFIRMATION = "confirmation"
    MOVE = "move"
    OPERATOR = "operator"


class Pace(StrEnum):
    """When word goes out: with the change, or gathered once a day or week at the reader's hour."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class AlertState(StrEnum):
    """Where a mail that is owed stands."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN_BEFORE_SEND = "withdrawn_before_send"


class AutoPublish(StrEnum):
    """The setting ``review.auto_publish`` (interface.md, tracker extract)."""

    STRICT = "strict"
    REPORTED = "reported"
    OFF = "off"


class Sender(StrEnum):
    """For whom somebody speaks who sends in a correction or an answer."""

    READER = "reader"
    COMPANY = "company"
    ADVOCATE = "advocate"


class UserRole(StrEnum):
    """What a member of staff may do: an operator may do all that an editor may."""

    EDITOR = "editor"
    OPERATOR = "operator"
