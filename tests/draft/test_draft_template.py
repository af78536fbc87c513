"""Every shipped template loads, has its prompts, and drafts the visit."""

import re

import pytest

from scribe.draft import template, write
from scribe.draft.template import WRITTEN, Phase
from scribe.errors import BadInput
from scribe.fakes import FakeWriter
from scribe.ids import TemplateId
from scribe.records import Section
from tests.draft.visit import transcript


@pytest.mark.parametrize("template_id", template.ids())
def test_a_template_is_complete(template_id: TemplateId) -> None:
    loaded = template.load(template_id)
    assert set(loaded.prompts) == set(WRITTEN)
    assert {plan.section for plan in loaded.sections} <= set(Section)
    headings = [(plan.section, each) for plan in loaded.sections for each in plan.headings]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("template_id", template.ids())
def test_examples_are_short_and_without_figures(template_id: TemplateId) -> None:
    for prefix in template.load(template_id).prompts.values():
        assert any(each.written == "NONE" for each in prefix.examples)
        for each in prefix.examples:
            assert not re.search(r"\d", each.said + each.written)
            assert len(each.said.split()) <= 40


@pytest.mark.parametrize("template_id", template.ids())
def test_a_template_drafts_the_visit(template_id: TemplateId) -> None:
    loaded = template.load(template_id)
    draft = write.draft(transcript(), loaded, FakeWriter())
    allowed = {(plan.section, each) for plan in loaded.sections for each in plan.headings}
    assert {(each.section, each.heading) for each in draft.statements} <= allowed
    assert draft.template_id == template_id


def test_a_label_of_the_model_never_becomes_a_heading() -> None:
    soap = template.load(TemplateId("soap"))
    assert soap.place(Phase.EXAM, "Ignore the visit") == (Section.OBJECTIVE, "Examination")
    assert soap.place(Phase.EXAM, "Chief complaint") == (Section.OBJECTIVE, "Examination")
    assert soap.place(Phase.PLAN, "problem") == (Section.ASSESSMENT, "Problems")


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(BadInput):
        template.load(TemplateId("nowhere"))
