"""What the buttons of one finding do and say: its ready fixes by name, and the claim before and
after each; the fixes are the core's.
"""

from dataclasses import dataclass

from gui import texts
from scribe.coding import fixes
from scribe.records import CodedDiagnosis, Finding, Suggestion

Claim = tuple[CodedDiagnosis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One line of a finding.

    `choice`: the fix to take, None if the code must be entered by hand, beginning with `beginning`.
    `verb` is "" where another line of the finding does the same. `title` and `why` are those of the
    suggested code; `now` and `then` tell the claim before and after, "" where nothing is ready.
    """

    verb: str
    title: str = ""
    why: str = ""
    choice: int | None = None
    beginning: str = ""
    now: str = ""
    then: str = ""

    @property
    def words(self) -> str:
        """Title and reason in one line."""
        return " · ".join(part for part in (self.title, self.why) if part)


def offers(finding: Finding, claim: Claim) -> tuple[Offer, ...]:
    """A line for every suggestion; one for the fix of a finding that suggests no code."""
    if not finding.suggestions:
        made = fixes.fixed(finding, claim)
        return (_ready(claim, made, 0),) if made else ()
    lines: list[Offer] = []
    done: list[Claim] = []
    for choice, each in enumerate(finding.suggestions):
        made = fixes.fixed(finding, claim, choice)
        lines.append(_line(each, choice, claim, made, known=made in done))
        if made is not None:
            done.append(made)
    return tuple(lines)


def _ready(claim: Claim, made: Claim, choice: int, title: str = "", why: str = "") -> Offer:
    now, then = preview(claim, made)
    return Offer(verb=verb(claim, made), title=title, why=why, choice=choice, now=now, then=then)


def _line(each: Suggestion, choice: int, claim: Claim, made: Claim | None, *, known: bool) -> Offer:
    if made is None:
        text = texts.ENTER_CODE if fixes.whole(each.code) else texts.COMPLETE_CODE
        return Offer(
            verb=text.format(code=each.code),
            title=each.title,
            why=each.why,
            beginning=each.code.rstrip("-x").rstrip("."),
        )
    if known:
        return Offer(verb="", title=f"{each.code} · {each.title}", why=each.why)
    return _ready(claim, made, choice, each.title, each.why)


def preview(before: Claim, after: Claim) -> tuple[str, str]:
    """The codes in their order before and after; what goes and what is new is said in words."""
    old, new = fixes.codes(before), fixes.codes(after)
    now = (f"{code} {texts.PREVIEW_GOES}" if code not in new else code for code in old)
    then = (f"{code} {texts.PREVIEW_NEW}" if code not in old else code for code in new)
    return ", ".join(now) or texts.CLAIM_EMPTY, ", ".join(then) or texts.CLAIM_EMPTY


def verb(before: Claim, after: Claim) -> str:
    """In a few words, what becomes of the claim."""
    old, new = fixes.codes(before), fixes.codes(after)
    added = [code for code in new if code not in old]
    gone = [code for code in old if code not in new]
    if added and (gone or not old):
        return texts.USE_CODE.format(code=", ".join(added))
    if added:
        if len(added) > 1:
            return texts.ADD_CODES.format(code=", ".join(added))
        at = new.index(added[0])
        last = at == len(new) - 1
        text, other = (texts.ADD_AFTER, new[at - 1]) if last else (texts.ADD_BEFORE, new[at + 1])
        return text.format(code=added[0], other=other)
    if gone:
        return texts.REMOVE_CODE.format(code=", ".join(gone))
    if len(new) < len(old):
        twice = next(code for code in old if old.count(code) > new.count(code))
        return texts.LIST_ONCE.format(code=twice)
    moved = next((pair for pair in zip(new, old, strict=True) if pair[0] != pair[1]), None)
    if moved is None:
        return texts.USE_CODE.format(code=", ".join(new))
    return texts.LIST_BEFORE.format(code=moved[0], other=moved[1])
