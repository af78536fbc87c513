"""Rules on weakness of a pregnant patient."""

from collections.abc import Iterator

from scribe.coding import gestation
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Severity


def _pregnancy(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.coded("O", "Z33.1"):
        return
    stated = gestation.present(facts)
    if stated is None or facts.says(phrase("pregnancy", "incidental")) is not None:
        return
    weeks = gestation.weeks(facts)
    offers = [
        Offer(
            code=gestation.by_trimester("O26.89", weeks), why="weakness in pregnancy, listed first"
        ),
        Offer(code=R531, why="second, to name the symptom"),
    ]
    if facts.says(phrase("pregnancy", "fatigue")) is not None:
        offers.insert(
            0,
            Offer(
                code=gestation.by_trimester("O26.81", weeks),
                why="exhaustion or fatigue in pregnancy",
            ),
        )
    if weeks is not None:
        code = f"Z3A.{weeks if weeks >= 8 else 1:02}"
        offers.append(Offer(code=code, why=f"{weeks} weeks of gestation, added last"))
    offers.append(Offer(code="Z33.1", why="in place of these only if you state it is incidental"))
    yield Hit(
        message=f"The patient is pregnant (“{stated.quote(facts.page).text.strip()}”): a code of "
        "chapter 15 comes first, unless you state that the pregnancy is incidental to the "
        "weakness.",
        codes=(R531,),
        evidence=(stated.quote(facts.page),),
        offers=tuple(offers),
    )


PREGNANCY = Rule(
    id=RuleId("R531-PREGNANCY"),
    severity=Severity.BLOCK,
    title="Pregnant patient, R53.1 without a code of chapter 15",
    citations=(guideline("I.C.15.a.1"), tabular("O26.8-, Z33.1, Z3A")),
    needs_note=True,
    sequencing="The code of chapter 15 goes first.",
    article="Your reference article does not speak of pregnancy.",
    override="The pregnancy is incidental to this visit: the weakness does not come from it and "
    "does not affect its care; the note says so.",
    decide=_pregnancy,
)
