"""tracker calls correct, class; tracker proposals; tracker commitments: all by hand, all kept."""

import json

from tests.cli.conftest import Tracker

CARBON = "microsoft-2020-01-16-carbon-negative"
CALL = (
    "--caller=ACLU",
    "--asked=stop selling it to the police",
    "--topic=facial_recognition",
    "--date=2020-06-09",
    "--act=ends",
)


def test_a_class_its_answers_and_a_correction(loaded: Tracker) -> None:
    words = "the competitors of IBM"
    id_ = loaded("calls", "add", *CALL, f"--class={words}").stdout.strip()
    assert f"{words}: nobody yet" in loaded("calls", "classes").stdout
    loaded("calls", "class", words, "--company=amazon", "--since=2020-06-01", "--by=ana")
    assert f"{words}: amazon, accepted (2020-06-01 to …)" in loaded("calls", "classes").stdout

    rows = [json.loads(line) for line in loaded("proposals", "list", "--json").stdout.splitlines()]
    pause = next(row for row in rows if row["stance"] == "amazon-2020-06-10-rekognition-pause")
    assert (pause["call"], pause["status"]) == (id_, "partially_answered")
    loaded("proposals", "accept", pause["number"], "--by=ana")
    decided = loaded("proposals", "refuse", pause["number"], code=1)
    assert "it is decided: accepted by ana" in decided.stderr
    loaded("proposals", "refuse", "--caller=ACLU", "--why=later steps")
    nothing = loaded("proposals", "accept", "--caller=ACLU", code=2)
    assert "nothing waits for a call by 'ACLU'" in nothing.stderr
    assert "say which" in loaded("proposals", "accept", code=2).stderr

    wrong = ("--target=amazon", "--status=open", "--date=2020-06-09")
    loaded("calls", "correct", id_, *wrong, "--why=another product", "--by=ben")
    history = loaded("history", id_).stdout
    assert "corrected by ben" in history
    assert "another product" in history
    exported = loaded("export", "calls", "--format", "jsonl").stdout.splitlines()
    (target,) = next(row for row in map(json.loads, exported) if row["id"] == id_)["targets"]
    assert [(step["status"], step["corrects"]) for step in target["history"]] == [
        ("open", False),
        ("partially_answered", False),
        ("open", True),
    ]
    assert target["of_class"] == words


def test_several_demands_are_kept_in_their_order(loaded: Tracker) -> None:
    two = (
        ("--demand", "stop", "facial_recognition", "stop selling it"),
        ("--demand", "disclose", "police_tech", "say who has it"),
    )
    id_ = loaded("calls", "add", *CALL, "--target=amazon", *two[0], *two[1]).stdout.strip()
    exported = loaded("export", "calls", "--format", "jsonl").stdout.splitlines()
    row = next(row for row in map(json.loads, exported) if row["id"] == id_)
    assert [demand["kind"] for demand in row["demands"]] == ["stop", "disclose"]
    assert row["topics"] == ["facial_recognition", "police_tech"]
    nowhere = loaded("calls", "add", *CALL, code=2)
    assert "a call needs a target" in nowhere.stderr


def test_a_promise_moves_by_steps_with_an_outside_word(loaded: Tracker) -> None:
    assert CARBON in loaded("commitments", "list", "--company=microsoft").stdout
    kept = ("--state=kept", "--date=2020-06-01")
    alone = loaded("commitments", "set", CARBON, *kept, code=2)
    assert "needs a page that is not the company's own" in alone.stderr
    own = loaded("commitments", "set", CARBON, *kept, "--url=https://microsoft.com/us", code=2)
    assert "not the company's own" in own.stderr
    loaded("commitments", "set", CARBON, *kept, "--url=https://audit.example/report")
    wrong = ("--state=not_due", "--date=2020-01-16", "--correct", "--why=of one year only")
    loaded("commitments", "set", CARBON, *wrong, "--by=ana")
    shown = json.loads(loaded("commitments", "show", CARBON).stdout)
    assert [step["state"] for step in shown["steps"]] == ["not_due", "kept", "not_due"]
    assert "moved by ana" in loaded("history", CARBON).stdout


def test_a_promise_is_entered_by_hand_and_comes_back_from_its_export(loaded: Tracker) -> None:
    stance = "safegraph-2022-07-07-commit"
    untestable = loaded("commitments", "add", stance, "--promised=Stop", code=2)
    assert "a day or a condition" in untestable.stderr
    id_ = loaded(
        "commitments", "add", stance, "--promised=Stop selling it", "--due=2022-12-31"
    ).stdout.strip()
    exported = loaded("export", "commitments", "--format", "jsonl").stdout
    rows = {row["id"]: row for row in map(json.loads, exported.splitlines())}
    assert rows[id_]["state"] == "not_due"
    (loaded.folder / "promises.jsonl").write_text(exported)
    again = loaded("import", "promises.jsonl")
    assert f"{len(rows)} known already" in again.stderr
