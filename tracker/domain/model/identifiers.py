"""What names a row or a record: numbers inside, words where people see them."""

from typing import NewType

OrganisationId = NewType("OrganisationId", int)
SourceId = NewType("SourceId", int)
EntryId = NewType("EntryId", int)
ArticleId = NewType("ArticleId", int)
SnapshotId = NewType("SnapshotId", int)
StoryId = NewType("StoryId", int)
AlertId = NewType("AlertId", int)
SubscriberId = NewType("SubscriberId", int)
SubscriptionId = NewType("SubscriptionId", int)
StanceId = NewType("StanceId", str)
ReactionId = NewType("ReactionId", str)
CallId = NewType("CallId", str)
CommitmentId = NewType("CommitmentId", str)
TopicCode = NewType("TopicCode", str)
