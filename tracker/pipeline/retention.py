"""What is kept no longer: older texts that nothing needs, and terms that find no story any more."""

from datetime import datetime, timedelta

from tracker.store import retention, stories
from tracker.store.database import Database

TERMS_FOR = timedelta(days=30)
"""Later no report comes that tells of the same happening."""


def drop_what_is_old(database: Database, now: datetime, versions_days: int) -> int:
    """Drop old texts and terms; return how many texts went. 0 days keep every text for ever."""
    with database.transaction() as session:
        stories.forget_terms(session, now - TERMS_FOR)
        if not versions_days:
            return 0
        return retention.drop_old_texts(session, now - timedelta(days=versions_days))
