"""Whole files as readers get them: named on their page, asked for again cheaply, and in parts."""

import gzip
import hashlib
import json
from pathlib import Path

from lxml import html

from tests.web.conftest import BASE, NOW, Parts
from tracker.config import Settings
from tracker.pipeline.downloads import make
from tracker.web import create_app


def test_the_page_leads_to_files_that_are_what_it_says(
    parts: Parts, filled: dict[str, int], tmp_path: Path
) -> None:
    settings = Settings.model_validate({"web": {"downloads_folder": tmp_path / "downloads"}})
    client = create_app(Parts(settings, parts.database, parts.now)).test_client()

    def get(path: str, **headers: str):  # type: ignore[no-untyped-def]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(path, base_url=BASE, headers=named)

    assert "No files have been made yet" in get("/data").text
    assert get("/data/stances.csv").status_code == 404

    parts.now.set(NOW.replace(minute=NOW.minute + 1))
    made = make(parts.database, tmp_path / "downloads", settings.base_url, parts.now)
    page = html.fromstring(get("/data").text)
    links = [str(one) for one in page.xpath("//main//a/@href") if str(one).startswith("/data/")]
    assert {f"/data/{file.name}" for file in made.files} <= set(links)
    assert all(get(link).status_code == 200 for link in links)
    assert f"Version {made.version} of the data" in page.text_content()
    assert get("/data.json").json["data"]["version"] == made.version

    sums = dict(reversed(line.split("  ")) for line in get("/data/SHA256SUMS").text.splitlines())
    package = {
        one["path"]: one for one in json.loads(get("/data/datapackage.json").text)["resources"]
    }
    for name, digest in sums.items():
        whole = get(f"/data/{name}")
        assert hashlib.sha256(whole.data).hexdigest() == digest
        assert package[name]["hash"] == f"sha256:{digest}"
        small = get(f"/data/{name}", Accept_Encoding="gzip, br")
        assert gzip.decompress(small.data) == whole.data
        for answer in (whole, small):
            tag = {"If_None_Match": answer.headers["ETag"]}
            if answer is small:
                tag["Accept_Encoding"] = "gzip"
            again = get(f"/data/{name}", **tag)
            assert (again.status_code, again.data) == (304, b"")
    part = get("/data/stances.csv", Range="bytes=3-9")
    assert (part.status_code, part.data) == (206, get("/data/stances.csv").data[3:10])
    assert get("/data/nothing.csv").status_code == 404
