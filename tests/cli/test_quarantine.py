"""What failed too often is listed and tried again."""

import json

from tests.cli.conftest import Tracker
from tests.parts.site import Site

FEED = """<rss version="2.0"><channel><title>Wire</title><item><title>A report</title>
<link>SITE/gone</link></item></channel></rss>"""


def test_an_entry_that_failed_three_times_is_listed_and_tried_again(
    tracker: Tracker, site: Site
) -> None:
    tracker("sources", "add", site.put("/feed", FEED))
    for day in range(9, 13):
        tracker("poll", TRACKER_NOW=f"2020-06-{day:02}T20:00:00Z")
    (line,) = tracker("quarantine", "list", "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["key"], found["url"]) == ("entry:1", f"{site.url}/gone")
    assert "404" in found["error"]
    assert "A report" in tracker("quarantine", "list").stdout
    tracker("quarantine", "retry", found["key"])
    assert tracker("quarantine", "list").stdout == ""
    assert "not in quarantine" in tracker("quarantine", "retry", "entry:1", code=2).output
