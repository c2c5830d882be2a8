"""The commands around stories: which articles report the same happening."""

import json
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER

if TYPE_CHECKING:
    from tracker.store.stories import Story


@click.group("stories")
def stories_() -> None:
    """Show which articles report the same happening, and how many reports are independent.

    Example: tracker stories list
    """


@stories_.command("list")
@click.option(
    "--least", type=NUMBER, default=2, show_default=True, help="Articles that a story has at least."
)
@click.option(
    "--limit", type=NUMBER, default=50, show_default=True, help="How many stories at most."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines, with the articles.")
@pass_setup
def list_command(setup: Setup, least: int, limit: int, as_json: bool) -> None:
    """List the newest stories.

    Example: tracker stories list --least 3
    """
    from tracker.pipeline.stories import list_stories

    for story in list_stories(setup.app.database, limit, least):
        if as_json:
            click.echo(json.dumps(_told(story), ensure_ascii=False))
        else:
            counts = f"{len(story.members)} articles, {story.reports} independent"
            click.echo(f"{story.id:>6}  {story.first_seen:%Y-%m-%d}  {story.title}  ({counts})")


@stories_.command("show")
@click.argument("story", type=NUMBER)
@pass_setup
def show_command(setup: Setup, story: int) -> None:
    """Show a story with its articles; the id of one that was merged leads to the one it joined.

    Example: tracker stories show 12
    """
    from tracker.pipeline.stories import find_story

    click.echo(
        json.dumps(_told(find_story(setup.app.database, story)), ensure_ascii=False, indent=2)
    )


@stories_.command("place")
@pass_setup
def place_command(setup: Setup) -> None:
    """Look for the stories of articles that were kept before stories were sought.

    Safe to repeat; ids of stories stay good. Nobody is told of anything.

    Example: tracker stories place
    """
    from tracker.pipeline.stories import place_rest

    click.echo(f"{place_rest(setup.app.database)} articles compared")


def _told(story: "Story") -> dict[str, Any]:
    return {
        "story": story.id,
        "title": story.title,
        "first_seen": story.first_seen.isoformat(),
        "independent_reports": story.reports,
        "articles": [
            {
                "article": member.article,
                "url": member.url,
                "title": member.title,
                "published": member.published.isoformat() if member.published else None,
                "copy_of": member.report if member.report != member.article else None,
            }
            for member in story.members
        ],
    }
