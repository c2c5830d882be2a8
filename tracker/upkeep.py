"""The parts of an app that keep house beside the steps: who leads, the turn of a day, downloads."""

from datetime import UTC, datetime, timedelta

from tracker.outgoing import Outgoing


class Upkeep(Outgoing):
    """What the scheduler wakes now and then."""

    def take_lead(self, holder: str, length: timedelta) -> bool:
        """Become, or stay, the one scheduler that acts. A clock set for a drill does not count."""
        from tracker.pipeline.leading import take_lead

        return take_lead(self.database, holder, datetime.now(UTC), length)

    def leave_lead(self, holder: str) -> None:
        """Let another scheduler act at once."""
        from tracker.pipeline.leading import leave_lead

        leave_lead(self.database, holder)

    def turn_day(self) -> None:
        """Let terms run out and deeds take effect that were told of before; raise what is due."""
        from tracker.pipeline.noticing import tell_silences
        from tracker.pipeline.reminding import raise_what_is_due
        from tracker.pipeline.retention import drop_what_is_old
        from tracker.pipeline.terms import turn_day

        turn_day(self.database, self.now())
        raise_what_is_due(self.database, self.now())
        tell_silences(self.database, self.mail_domain, self.now())
        drop_what_is_old(self.database, self.now(), self.settings.retention.versions_days)
        self.database.weigh()

    def make_downloads(self) -> bool:
        """Make the files of /data anew, where the data changed."""
        from tracker.pipeline.downloads import make_when_due

        folder = self.settings.web.downloads_folder
        return make_when_due(self.database, folder, self.settings.base_url, self.now)
