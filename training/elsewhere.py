"""Real articles of public collections, labelled for the project: ids, offsets and codes, no text.

The texts belong to their publishers and stay in the collections; `training/README.md` says which
these are. Each label names the file and the checksum of what was read, so that nothing is learned
from a text that differs.
"""

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent / "labelled" / "articles.jsonl"
RECORDS = ("announcements", "reactions", "calls")
_SITE = "digitalrightswatch.org.au"
_ENTRIES = "RSS-Link-Database"
"""Collections of feed entries: found by a blob of the history and the address of the entry."""


def labelled(collections: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each article as `tracker extract` takes it, with its gold in the format of the corpus.

    ``collections`` holds a checkout of every collection by its name. An article that is missing
    or differs from what was labelled is left out, and named.
    """
    for line in LABELS.read_text().splitlines():
        label = json.loads(line)
        article = _article(collections, label["origin"])
        if article is None or _checksum(article) != label["sha256"]:
            print(f"{label['id']}: {label['origin']}: missing, or not as it was labelled")
            continue
        yield json.dumps({"id": label["id"], **article}), _gold(label, article)


def _gold(label: dict[str, Any], article: dict[str, str]) -> dict[str, Any]:
    gold: dict[str, Any] = {"id": label["id"], "relevant": label["relevant"]}
    for kind in RECORDS:
        gold[kind] = [
            {
                "accept_acts": [],
                "accept_reactions": [],
                "about": [],
                **record,
                "evidence": [article[field][a:b] for field, a, b in record["evidence"]],
            }
            for record in label[kind]
        ]
    return gold


def _checksum(article: dict[str, str]) -> str:
    whole = f"{article['title']}\n{article['text']}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _article(collections: Path, origin: str) -> dict[str, str] | None:
    collection, path = origin.split(" ", 1)
    folder = collections / collection.split("/")[1]
    if folder.name.startswith(_ENTRIES):
        return _of_entries(folder, *path.split(" ", 1))
    file = folder / path
    if not file.is_file():
        return None
    raw = file.read_text(encoding="utf-8", errors="replace")
    if path.endswith(".json"):
        return _of_json(raw)
    return _of_post(raw, path) if path.startswith("content/") else _of_markdown(raw)


def _of_json(raw: str) -> dict[str, str]:
    row = json.loads(raw)
    return {
        "title": row["title"],
        "text": row["content_original"].strip(),
        "url": row["url"],
        "published": row["date"],
        "source": row["source"],
    }


def _of_markdown(raw: str) -> dict[str, str]:
    told = dict(re.findall(r"^\+ (Source|Date|Link): (.*)$", raw, re.MULTILINE))
    return {
        "title": raw.split("\n")[0].lstrip("# ").strip(),
        "text": _plain(raw.split("## Article:", 1)[1]),
        "url": told.get("Link", "").removeprefix("[article](").rstrip(")"),
        "published": told.get("Date", "").strip(),
        "source": told.get("Source", ""),
    }


def _of_post(raw: str, path: str) -> dict[str, str]:
    _, head, body = raw.split("---\n", 2)
    told = {name: value.strip("\"' ") for name, value in re.findall(r"^(\w+):\s*(.*)$", head, re.M)}
    return {
        "title": told.get("title", ""),
        "text": _plain(body),
        "url": told.get("url", path),
        "published": told.get("date", "")[:10] or path.rsplit("/", 1)[-1][:10],
        "source": _SITE,
    }


def _of_entries(folder: Path, blob: str, address: str) -> dict[str, str] | None:
    shown = subprocess.run(
        ("git", "-C", folder, "cat-file", "blob", blob), capture_output=True, check=False
    )
    if shown.returncode:
        return None
    for entry in json.loads(shown.stdout):
        if entry["link"] == address:
            return {
                "title": html.unescape(entry["title"] or ""),
                "text": _shown(entry["description"]),
                "url": address,
                "published": (entry["date_published"] or "")[:10],
                "source": entry["source"] or "",
            }
    return None


def _shown(page: str) -> str:
    """What a reader sees of an entry's HTML, a blank line between paragraphs."""
    page = re.sub(r"(?is)<(script|style|figure|figcaption)\b.*?</\1>", "", page)
    block = r"(?i)<\s*(p|br|div|h\d|li|blockquote)\b[^>]*>|</\s*(p|div|h\d|li|blockquote)\s*>"
    page = re.sub(r"<[^>]+>", "", re.sub(block, "\n\n", page))
    page = re.sub(r"[ \t\xa0]+", " ", html.unescape(page))
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", page).strip()


def _plain(text: str) -> str:
    """Markdown without pictures, addresses, marks and tags."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^[>#+*\- ]+", "", text, flags=re.MULTILINE)
    text = re.sub(r"<[^>]+>", "", re.sub(r"[*_]{1,3}", "", text))
    return re.sub(r"\n{2,}", "\n\n", html.unescape(text)).strip()
