"""Rules on codes that do not go well together on one claim: symptom and disease, diagnosis and
service; the note is not read.
"""

from collections.abc import Iterator

from scribe.coding import sides
from scribe.coding.facts import Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.words import vocabulary
from scribe.ids import RuleId
from scribe.records import Severity


def _integral(facts: Facts) -> Iterator[Hit]:
    for symptom in dict.fromkeys(each.code for each in facts.codes):
        diseases = [
            code
            for entry in vocabulary("claim_pairs")["integral"]
            if symptom.startswith(tuple(entry["symptoms"]))
            for code in facts.coded(*entry["diseases"])
            if _same_side(facts, symptom, code)
        ]
        named = [code for code in dict.fromkeys(diseases) if facts.table.exists(code)]
        if not named or not facts.table.exists(symptom):
            continue
        what = ", ".join(f"{code} ({facts.table.title(code)})" for code in named)
        yield Hit(
            message=f"{symptom} ({facts.table.title(symptom)}) is normally part of {what} and "
            "usually not coded separately. Keep it only if it is a separate problem.",
            codes=(symptom, *named),
            offers=tuple(Offer(code=code, why=f"keep it without {symptom}") for code in named),
        )


def _same_side(facts: Facts, symptom: str, disease: str) -> bool:
    one = sides.side_of(facts.table.title(symptom))
    other = sides.side_of(facts.table.title(disease))
    return one is None or other is None or one is other


def _service(facts: Facts) -> Iterator[Hit]:
    if not facts.codes or not facts.table.exists(facts.codes[0].code):
        return
    first = facts.codes[0].code
    for service in dict.fromkeys(facts.encounter.procedures):
        for entry in vocabulary("claim_pairs")["services"]:
            if _is(service, entry) and _unexplained(facts, first, entry):
                yield Hit(
                    message="The first-listed diagnosis should be the reason for the service; "
                    f"{first} ({facts.table.title(first)}) does not explain {service} "
                    f"({entry['name']}).",
                    codes=(first,),
                    offers=tuple(
                        Offer(code=code, why="treated here, listed first")
                        for code in facts.coded(*entry.get("only_beside", entry["explained_by"]))[
                            :3
                        ]
                    ),
                )
                break


def _is(service: str, entry: dict[str, str]) -> bool:
    code = service.strip().upper()
    plain = len(code) == 5 and code.isdecimal() and code.isascii()
    return code in entry["also"] or (plain and entry["first"] <= code <= entry["last"])


def _unexplained(facts: Facts, first: str, entry: dict[str, list[str]]) -> bool:
    if first.startswith(tuple(entry["explained_by"])):
        return False
    beside = entry.get("only_beside")
    return beside is None or bool(facts.coded(*beside))


INTEGRAL_SYMPTOM = Rule(
    id=RuleId("GEN-INTEGRAL-SYMPTOM"),
    severity=Severity.WARN,
    title="A symptom code beside a disease that routinely includes it",
    citations=(guideline("I.B.5, I.B.6, I.C.18.b"),),
    article="Your reference article shows paid claims with such pairs. The official rule "
    "differs: a symptom that is routinely part of the disease is not coded, and a paid claim "
    "proves nothing.",
    sequencing="The disease goes before the symptom.",
    override="The symptom is a problem of its own here and was assessed or treated by itself.",
    decide=_integral,
)
SEQ_SERVICE = Rule(
    id=RuleId("GEN-SEQ-SERVICE"),
    severity=Severity.INFO,
    title="The first-listed diagnosis does not look like the reason for the service",
    citations=(guideline("IV.G; II.K for rehabilitation"),),
    article="Your reference article shows paid therapy claims with such a first diagnosis; a paid "
    "claim proves nothing.",
    sequencing="The condition chiefly responsible for the service is listed first.",
    override="The first-listed diagnosis is the reason for this service, as the plan of care says.",
    decide=_service,
)
