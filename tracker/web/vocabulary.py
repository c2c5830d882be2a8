"""The tables of words that people read in place of codes; no grade, no blame (codebook 9).

``N_`` marks a text for the catalogues; the functions of ``wording`` translate it when it is used.
"""

from collections.abc import Mapping

from tracker.domain.reaction_words import REACTION_WORDS
from tracker.web.language import N_, NN_

Table = Mapping[str, str]

ACTS: Table = {
    "ends": N_("ends"),
    "pauses": N_("pauses"),
    "restricts": N_("restricts"),
    "safeguards": N_("adds a safeguard"),
    "commits": N_("commits"),
    "changes_policy": N_("changes its policy"),
    "discloses": N_("discloses"),
    "complies": N_("complies with an order"),
    "supports_regulation": N_("backs a law"),
    "opposes_regulation": N_("opposes a law"),
    "upholds": N_("upholds a protection"),
    "defends": N_("defends the practice"),
    "denies": N_("denies"),
    "declines_comment": N_("declines to comment"),
    "silent": N_("no answer, as the asker records"),
    "launches": N_("launches or expands"),
    "divests": N_("sells or leaves"),
    "walks_back": N_("walks back"),
    "sanctions_critics": N_("acts against critics"),
    "litigates": N_("goes to court"),
}

HEADLINES: Table = {
    "ends": N_("%(who)s ends %(what)s"),
    "pauses": N_("%(who)s pauses %(what)s"),
    "restricts": N_("%(who)s restricts %(what)s"),
    "launches": N_("%(who)s launches or expands %(what)s"),
    "divests": N_("%(who)s sells or leaves %(what)s"),
    "changes_policy": N_("%(who)s changes its policy on %(what)s"),
    "declines_comment": N_("%(who)s declines to comment on %(what)s"),
    "supports_regulation": N_("%(who)s backs a law on %(what)s"),
    "opposes_regulation": N_("%(who)s opposes a law on %(what)s"),
    "litigates": N_("%(who)s goes to court over %(what)s"),
}
"""Acts that make a sentence with what they are about; others stand before a colon."""

REACTIONS: Table = REACTION_WORDS

REACTION_MARKS: Table = {
    "welcomes": "up",
    "supports_peer": "up",
    "follows": "up",
    "welcomes_insufficient": "urge",
    "demands": "urge",
    "criticises": "down",
    "sues": "down",
    "sanctions": "down",
    "drops_supplier": "down",
    "resigns_protests": "down",
    "divests_from": "down",
}
"""▲ welcomes, ◆ urges more, ▼ criticises or sues (ux.md); other kinds have no mark."""

ACTOR_TYPES: Table = {
    "advocacy_group": N_("advocacy group"),
    "coalition": N_("coalition"),
    "workers": N_("workers"),
    "union": N_("union"),
    "researcher": N_("researcher"),
    "legislator": N_("legislator"),
    "legislature": N_("legislature"),
    "regulator": N_("regulator"),
    "government": N_("government"),
    "politician": N_("politician"),
    "shareholder": N_("shareholder"),
    "expert_body": N_("expert body"),
    "customer": N_("customer"),
    "users": N_("users"),
    "lawyers": N_("lawyers"),
    "media": N_("media"),
    "journalist": N_("journalist"),
    "peer_company": N_("peer company"),
    "research": N_("research"),
    "industry_association": N_("industry association"),
    "affected_person": N_("person affected"),
    "think_tank": N_("think tank"),
    "counter_advocate": N_("counter-advocate"),
}

STATUSES: Table = {
    "open": N_("Open"),
    "acknowledged": N_("Acknowledged, not decided"),
    "partially_answered": N_("Answered in part"),
    "answered": N_("Answered"),
    "rejected": N_("Rejected"),
    "ignored": N_("No answer, as recorded"),
    "superseded": N_("Superseded"),
    "reversed": N_("Answered, later undone"),
}

COMMITMENT_STATES: Table = {
    "not_due": N_("Not due yet"),
    "in_progress": N_("In progress"),
    "kept": N_("Kept"),
    "partly_kept": N_("Kept in part"),
    "overdue": N_("Overdue: nothing on record shows that it was kept"),
    "broken": N_("Broken"),
    "withdrawn": N_("Withdrawn by the company"),
    "superseded": N_("Superseded"),
    "untestable": N_("Cannot be tested"),
}

LEVELS: Table = {
    "confirmed": N_("Confirmed"),
    "reported": N_("Reported"),
    "unconfirmed": N_("Needs checking"),
    "disputed": N_("Disputed"),
    "retracted": N_("Retracted"),
}

TIERS: Mapping[str | None, str] = {
    "primary": N_("Primary sources: the company itself, filings, courts, regulators"),
    "reliable": N_("Reliable reporting"),
    "advocacy": N_("Advocates and civil society"),
    "weak": N_("Other sites"),
    "mirror": N_("Mirrors and aggregators"),
    None: N_("Hosts without a rating"),
}

TRUST: Table = {
    "primary": N_("primary source"),
    "reliable": N_("reliable"),
    "advocacy": N_("civil society"),
    "weak": N_("unrated site"),
    "mirror": N_("mirror"),
}

PUBLISHERS: Table = {
    "advocacy": N_("advocates"),
    "company": N_("company"),
    "feed": N_("feed"),
    "legislature": N_("legislature"),
    "news": N_("news"),
    "page": N_("watched page"),
    "regulator": N_("regulator"),
    "research": N_("research"),
}

SECTORS: Table = {
    "social-media": N_("Social media"),
    "software-and-cloud": N_("Software and cloud"),
    "ai-models": N_("AI models"),
    "devices-and-chips": N_("Devices and chips"),
    "surveillance-technology": N_("Surveillance technology"),
    "identity-and-biometrics": N_("Identity and biometrics"),
    "data-and-advertising": N_("Data and advertising"),
    "finance": N_("Finance"),
    "mobility-and-delivery": N_("Mobility and delivery"),
    "defence-and-government": N_("Defence and government"),
    "education-and-hiring": N_("Education and hiring"),
    "health-and-dating": N_("Health and dating"),
    "telecoms": N_("Telecoms"),
    "media-and-entertainment": N_("Media and entertainment"),
    "privacy-and-security": N_("Privacy and security"),
    "outsourced-work": N_("Outsourced work"),
    "retail-and-consumer-goods": N_("Retail and consumer goods"),
}
"""The trades of the starter data."""

CHANGES: Table = {
    "first": N_("first position on record"),
    "confirmed": N_("confirmed"),
    "strengthened": N_("strengthened"),
    "narrowed": N_("narrowed"),
    "tightened": N_("tightened"),
    "weakened": N_("loosened"),
    "reversed": N_("reversed"),
    "expired": N_("expired"),
    "contradicted": N_("contradicted by deeds"),
    "recorded": N_("recorded"),
}

RELATIONS: Mapping[str, tuple[str, str]] = {
    "reverses": (N_("reverses"), N_("reversed by")),
    "modifies": (N_("modifies"), N_("modified by")),
    "extends": (N_("extends"), N_("extended by")),
    "contradicts": (N_("contradicts"), N_("contradicted by")),
    "implements": (N_("carries out"), N_("carried out by")),
    "answers": (N_("answers"), N_("answered by")),
    "joint_with": (N_("made jointly with"), N_("made jointly with")),
    "supports": (N_("supports"), N_("supported by")),
    "supersedes": (N_("replaces"), N_("replaced by")),
    "duplicate_of": (N_("is the same as"), N_("is the same as")),
}

SAID_ACTS = frozenset(
    {
        "changes_policy",
        "commits",
        "declines_comment",
        "defends",
        "denies",
        "discloses",
        "opposes_regulation",
        "silent",
        "supports_regulation",
        "upholds",
    }
)
"""Acts that are words by their nature; a stored track wins over this."""

KINDS: Table = {
    "says": N_("Statement"),
    "does": N_("Action"),
    "imposed": N_("Order, settlement or state request"),
}

CHECKS: Table = {
    "accepted": N_("A person accepted it on %(day)s."),
    "edited": N_("A person corrected it on %(day)s."),
    "rejected": N_("A person rejected it on %(day)s."),
}

HEALTH: Table = {
    "well": N_("read without fault"),
    "waiting": N_("not read yet"),
    "failing": N_("failing"),
    "ours": N_("not reached through a fault of this machine"),
    "quiet": N_("gone quiet"),
    "paused": N_("paused"),
    "gone": N_("gone"),
}

INCIDENTS: Table = {
    "failing": N_("not read for a day or longer"),
    "quiet": N_("nothing new for two weeks, against its habit"),
    "mad": N_("far more new entries than usual"),
    "missed": N_("entries may have come and gone unseen"),
}

NUMBERS = (
    N_("no"),
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
)

TRIGGERS: Table = {
    "voluntary": N_("its own decision"),
    "legal_order": N_("a legal order"),
    "settlement": N_("a settlement"),
    "government_request": N_("a request of a government"),
    "regulator_pressure": N_("pressure of a regulator"),
    "sanction": N_("a sanction"),
    "court_loss": N_("a lost case"),
}

NOUNS: Mapping[str, tuple[str, str]] = {
    "answer": NN_("%(number)s answer in substance", "%(number)s answers in substance"),
    "call": NN_("%(number)s call", "%(number)s calls"),
    "promise": NN_("%(number)s promise", "%(number)s promises"),
    "company": NN_("%(number)s company", "%(number)s companies"),
    "day": NN_("%(number)s day", "%(number)s days"),
    "event": NN_("%(number)s event", "%(number)s events"),
    "column": NN_("%(number)s column", "%(number)s columns"),
    "feed": NN_("%(number)s feed", "%(number)s feeds"),
    "independent report": NN_("%(number)s independent report", "%(number)s independent reports"),
    "independent source": NN_("%(number)s independent source", "%(number)s independent sources"),
    "more company": NN_("%(number)s more company", "%(number)s more companies"),
    "more reaction": NN_("%(number)s more reaction", "%(number)s more reactions"),
    "page": NN_("%(number)s page", "%(number)s pages"),
    "reaction": NN_("%(number)s reaction", "%(number)s reactions"),
    "result": NN_("%(number)s result", "%(number)s results"),
    "source": NN_("%(number)s source", "%(number)s sources"),
    "topic": NN_("%(number)s topic", "%(number)s topics"),
    "try": NN_("%(number)s try", "%(number)s tries"),
}
"""What is counted on pages, for one and for many."""

STEPS: Table = {
    "answered": N_("answered"),
    "asked": N_("asked"),
    "better attested": N_("better attested"),
    "delivered": N_("delivered"),
    "entered": N_("entered"),
    "evidence added": N_("evidence added"),
    "imported": N_("imported"),
    "loaded": N_("loaded"),
    "published": N_("published"),
    "recorded": N_("recorded"),
    "relation decided": N_("relation decided"),
}
"""What the history of a record notes."""

CORRECTIONS: Table = {
    "amended": N_("Corrected by a person"),
    "changed": N_("The sentence changed on its page"),
    "vanished": N_("The sentence vanished from its page"),
    "withdrawn": N_("Withdrawn by a person"),
}

RECORDS: Table = {"stance": N_("event"), "reaction": N_("reaction"), "call": N_("call")}

CHANNELS: Table = {
    "campaign": N_("campaign"),
    "complaint": N_("complaint"),
    "internal": N_("from within the company"),
    "letter": N_("letter"),
    "other": N_("another way"),
    "petition": N_("petition"),
    "press_question": N_("question of the press"),
    "proposal": N_("shareholder proposal"),
    "rally": N_("rally"),
    "report": N_("report"),
    "request": N_("request"),
    "statement": N_("statement"),
    "users_protest": N_("protest of users"),
}
