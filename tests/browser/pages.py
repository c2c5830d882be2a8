"""The pages that the browser visits, by a name for each: over the starter history, over what is
hard to show, and over nothing.
"""

PAGES = {
    "home": "/",
    "companies": "/c",
    "company": "/c/ibm",
    "company-many": "/c/meta",
    "brand": "/c/ring",
    "company-topic": "/c/amazon/facial-recognition",
    "company-topic-old": "/c/x/political-ads",
    "topics": "/t",
    "topic": "/t/facial-recognition",
    "topic-contested": "/t/encryption-csam",
    "topic-empty": "/t/genetic-data",
    "matrix": "/matrix",
    "event": "/e/read-today",
    "event-source-only": "/e/ibm-2020-06-08-fr-exit",
    "events": "/events",
    "events-none": "/events?company=ibm&year=1999",
    "silent": "/silent",
    "commitments": "/commitments?level=all",
    "call": "/calls/c003",
    "groups": "/o",
    "group": "/o/aclu",
    "compare": "/compare?company=ibm&company=microsoft&company=amazon&topic=facial-recognition",
    "compare-all": "/compare?company=ibm&company=microsoft",
    "compare-none": "/compare",
    "corrections": "/corrections",
    "correct": "/correct?about=/e/ibm-2020-06-08-fr-exit",
    "search": "/search?q=police",
    "search-none": "/search?q=xyzzy",
    "search-fields": "/search?q=company:amazon+kind:stance",
    "sources": "/sources?health=waiting",
    "method": "/method",
    "data": "/data",
    "subscribe": "/subscribe",
    "as-of": "/t/facial-recognition?as_of=2020-06-30&known=then",
    "german": "/t/facial-recognition?lang=de",
}

FURTHER = {
    "before-all": "/t/facial-recognition?as_of=1999-01-01",
    "before-all-matrix": "/matrix?as_of=1999-01-01&known=then",
    "before-all-company": "/c/ibm?as_of=1999-01-01",
    "narrowed": "/c/meta?topic=facial-recognition&track=does&level=all",
    "narrowed-to-nothing": "/matrix?country=DE&position=expands",
    "only-pledges": "/c/anthropic/ai-safety?level=all",
    "corrected": "/e/zoom-2020-06-17-e2ee-all",
    "calls-answered": "/silent?show=all",
    "promises-overdue": "/commitments?level=all&state=overdue&lang=de",
    "moved-in-a-year": "/events?moved=1&year=2025&lang=de",
    "search-by-fit": "/search?q=police&sort=fit&page=2&lang=de",
    "framed": "/embed/c/amazon",
    "framed-matrix": "/embed/matrix?lang=de",
    "signing-in": "/login",
}
"""States of pages that are there besides: looked at in one walk."""

WITHDRAWN = "/e/zoom-2023-03-tos-ai"

HARD = {
    "hard-home": "/",
    "hard-companies": "/c",
    "hard-many": "/c/busy",
    "hard-long": "/c/long",
    "hard-unbroken": "/c/unbroken",
    "hard-arabic": "/c/arabic",
    "hard-company-topic": "/c/arabic/facial-recognition",
    "hard-event": "/e/of-unbroken",
    "hard-event-arabic": "/e/of-arabic",
    "hard-topic": "/t/facial-recognition?lanes=all",
    "hard-matrix": "/matrix",
    "hard-silent": "/silent",
    "hard-call": "/calls/call-unbroken",
    "hard-compare": "/compare?company=long&company=unbroken&company=arabic&company=busy",
    "hard-sources": "/sources",
    "hard-search": "/search?q=company:busy+zebra",
    "hard-german": "/c/busy?lang=de",
}

EMPTY = {
    "empty-home": "/",
    "empty-companies": "/c",
    "empty-topics": "/t",
    "empty-matrix": "/matrix",
    "empty-events": "/events",
    "empty-silent": "/silent",
    "empty-commitments": "/commitments",
    "empty-groups": "/o",
    "empty-compare": "/compare",
    "empty-corrections": "/corrections",
    "empty-search": "/search?q=anything",
    "empty-sources": "/sources",
    "empty-subscribe": "/subscribe",
    "empty-data": "/data",
    "empty-german": "/?lang=de",
}

STAFF = {
    "staff-overview": "/admin",
    "staff-outbox": "/admin/outbox",
    "staff-outbox-failed": "/admin/outbox?standing=failed",
    "staff-outbox-german": "/admin/outbox?lang=de",
    "staff-mail": "/admin/outbox/2",
    "staff-queue": "/admin/queue",
    "staff-queue-german": "/admin/queue?kind=submission&lang=de",
    "staff-name": "/admin/queue/1",
    "staff-stance": "/admin/queue/2",
    "staff-sent-in": "/admin/queue/3",
}
"""Pages for staff, to be opened by an operator who is signed in."""

FAULTS = {
    "fault-not-found": ("/c/amazn", 404),
    "fault-no-day": ("/c/ibm?as_of=yesterday", 400),
    "fault-broken": ("/broken", 500),
    "fault-german": ("/broken?lang=de", 500),
}

PRINTED = (
    "home",
    "topic",
    "company",
    "company-topic",
    "matrix",
    "event",
    "event-source-only",
    "events",
    "silent",
    "commitments",
    "call",
    "group",
    "compare",
    "search",
    "sources",
    "method",
    "data",
    "german",
)
"""Pages that somebody puts on paper."""
