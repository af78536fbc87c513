"""`scribe rules`: the cards and the article, as text and as JSON."""

import json
import re

import pytest

from scribe import cli
from scribe.coding.article import article
from scribe.coding.rule import Rule
from scribe.coding.rules import RULES
from scribe.records import Severity


@pytest.mark.parametrize(
    ("name", "advice"), [("R531-AL", "R531-ALS"), ("nonsense", "rules list"), (" ", "rules list")]
)
def test_an_unknown_rule_is_bad_input_and_is_told_where_to_look(
    name: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rules", "show", name, "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["error"] == "BadInput"
    assert advice in told["advice"]


def test_the_list_holds_every_rule_once_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told] == [rule.id for rule in RULES]
    assert {each["severity"] for each in told} == {each.value for each in Severity}
    assert cli.main(["rules", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [rule.id for rule in RULES]


@pytest.mark.parametrize("card", RULES, ids=[rule.id for rule in RULES])
def test_a_card_tells_everything(card: Rule, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "show", card.id.lower()]) == 0
    text = capsys.readouterr().out
    assert card.title in text
    assert card.severity.value in text
    assert all(each.place in text for each in card.citations)
    assert (card.article or "silent") in text
    assert cli.main(["rules", "show", card.id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["since"] == card.since.isoformat()
    assert len(told["sources"]) == len(card.citations)


def test_the_guide_marks_every_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "guide"]) == 0
    text = capsys.readouterr().out
    assert article().source in text
    differing = [each for part in article().parts for each in part.facts if each.official]
    assert all(each.says in text and each.official in text for each in differing)
    assert len(re.findall("OFFICIAL SOURCE DIFFERS", text)) == sum(
        each.stand == "differs" for part in article().parts for each in part.facts
    )
    assert all(each.service in text and each.amount in text for each in article().claims)


def test_the_guide_as_json_is_the_whole_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "guide", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told["parts"]] == [each.id for each in article().parts]
    assert len(told["claims"]) == len(article().claims)
