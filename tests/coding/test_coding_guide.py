"""The guide to the coding rules is written from the rule cards and is current."""

from pathlib import Path

from scribe.coding.guide import guide
from scribe.coding.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "coding-rules.md"


def test_the_page_is_current() -> None:
    again = "python -m scribe.coding.guide docs/coding-rules.md"
    assert PAGE.read_text("utf-8") == guide(), f"write it again: {again}"


def test_every_rule_has_its_section_and_its_sources() -> None:
    text = guide()
    for rule in RULES:
        assert f"\n## {rule.id}\n" in text
        assert rule.title in text
        assert all(citation.place in text for citation in rule.citations)
        assert not rule.article or rule.article in text
