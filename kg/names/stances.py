"""What a text says of a name that stands in it: somebody has it, or not, wants, had or learns it, or others do.

Cues before and behind the name decide, each within its clause, and of several the nearest: the method that medical
texts are read by. What looks like a cue and is none (*not only*, *no problem*) is taken out first. The lists are ours;
`tests/names/polarity.csv` holds sentences that were written down before them.

References
----------
H. Harkema, J. N. Dowling, T. Thornblade and W. W. Chapman, ConText: An algorithm for determining negation, experiencer,
and temporal status from clinical reports, Journal of Biomedical Informatics 42 (2009).
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Said", "stance"]

#: What is said of a name.
Said = Literal["asserted", "denied", "wanted", "past", "learning", "of others"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ\"'(])|\n")
#: Where a new thought begins in a sentence: what is before says nothing of what is behind.
_CLAUSE = re.compile(
    r";|\b(?:but|however|although|though|whereas|while)\b(?! also)"
    r"|,\s*(?=(?:and\s+)?(?:i|we|my|you|he|she|they|only|just|today|now)\b)",
    re.IGNORECASE,
)
#: What looks like a cue and is none: taken out, to the same length.
_NONE = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:one|problem|trouble|stranger|doubt|less than)\b|\bdo(?:n't| not) hesitate\b"
    r"|\bno \w+\b.*?\bthat i (?:did|do|have) not\b|\bnever had\b|\bcannot wait\b|\bwhy not\b",
    re.IGNORECASE,
)
_LEARN = r"(?<!machine )(?<!deep )(?<!reinforcement )(?<!supervised )(?<!transfer )(?<!federated )(?<!e-)learning"
_PEOPLE = (
    r"(?:team|teams|colleagues?|brother|sister|wife|husband|friends?|manager|boss|customers?|clients?|vendors?"
    r"|suppliers?"
    r"|department|analysts?|interns?|students?|developers?|engineers?|contractors?|company|employers?|staff|predecessor)"
)
_BEFORE: tuple[tuple[Said, str], ...] = (
    ("asserted", r"contribut\w+|bring(?:ing)?\b|keep (?:on )?using|continue|share my|since i\b|when i\b|i really do"),
    (
        "denied",
        r"\bno\b(?! longer)|\bnot\b|n't\b|\bnever\b|\bwithout\b|\bneither\b|\bnor\b|\bnone of\b|\bcannot\b|\bzero\b"
        r"|\black(?:s|ing)?\b|\bunfamiliar\b|\binstead of\b|\brather than\b|\bapart from\b|\bexcept\b|\bother than\b"
        r"|\b(?:am|is|are) missing\b|\bhardly any\b|\bknow nothing\b|\byet to\b|\bi failed\b|\bfailed the\b",
    ),
    (
        "wanted",
        r"\bwould (?:like|love)\b|\bi'd (?:like|love)\b|\bwant(?:s|ed|ing)?\b|\bwish\w*\b|\bhop(?:e|ing)\b|\beager\b"
        r"|\bkeen\b"
        r"|\binterest(?:ed)? in\b|\bplan(?:s|ning)? (?:to|on)\b|\bintend\w*\b|\bgoal\b|\baim(?:s|ing)?\b|\bgoing to\b"
        r"|\bwilling\b|\blooking to\b|\bcurious\b|\bmotivated\b|\bready to\b|\bopen to(?: learning)?\b|\bdream\w* of\b"
        r"|\bwould be (?:great|nice)\b|\blooking for a (?:role|job|position|chance)\b|\bwill (?:learn|take|study)\b",
    ),
    (
        "past",
        r"\bused to\b|\bformerly\b|\bformer\b|\bpreviously\b|\bonce\b|\bearlier\b|\byears ago\b|\bprevious life\b"
        r"|\bno longer\b|\bstopped\b|\bforgotten\b|\bold skills\b|\bsince i (?:last )?(?:touched|used)\b|\bgave up\b",
    ),
    (
        "learning",
        rf"\b{_LEARN}\b|\bstudying\b|\bpreparing for\b|\bworking towards?\b|\btaking a\b|\bstarted (?:with|to|on)\b"
        r"|\bgetting to know\b|\bbeginning (?:to|with)\b|\bteaching myself\b|\benrolled\b|\bpursuing\b|\breading up\b"
        r"|\bfirst steps\b|\bin the middle of\b|\bself-study\b|\bin progress\b|\bexpected \d{4}\b",
    ),
    (
        "of others",
        rf"^\W*(?:my|our|the|his|her|their)\s+(?:[\w-]+\s+){{0,2}}?{_PEOPLE}\b(?! and i\b)"
        r"|\byou(?:r profile|'ll| will)?\b"
        rf"|\b(?:managed|led|hired|recruited|coached|supervised)\s+(?:[\w-]+\s+){{0,2}}?{_PEOPLE}\b (?:who|with)"
        r"|\bwe are looking for\b|\bcandidates?\b|\bapplicants?\b|\brequirements?:|\bwe expect\b|\bwe offer\b"
        r"|\bnice to have\b|\bbonus:|\bour (?:tech )?stack\b|\bmust have\b",
    ),
)
_BEHIND: tuple[tuple[Said, str], ...] = (
    ("past", r"\W*(?:but )?(?:that was )?(?:long|decades|(?:\w+ )?years) ago\b|[^,;]*\b(?:in the past|any ?more)\b"),
    (
        "past",
        r"\W*until \d{4}|[^;]*, (?:but )?not since\b|[^,;]*\bback in\b|[^,;]*\bexpired\b"
        r"|[^,;]*\b(?:is|are) rusty\b",
    ),
    ("past", r"[^,;]*\bonce\W*$|[^,;]*\bgave it up\b"),
    ("denied", r"\s*(?:[:(–—-]\s*)?(?:none|no|zero|never)\b(?! (?:problem|trouble|doubt|stranger))"),
    ("denied", r"[^,;]{0,30}?\b(?:is|are|was)(?:n't| not)\b|\s+is (?:new to me|a gap)\b"),
    ("wanted", r"\W*(?:want|would like|planned|wish)\b|\s+is (?:on my|next)\b"),
    ("learning", r"\W*(?:currently |still )?(?:learning|in progress|studying)\b|[^,;]*\b(?:in progress|under way)\b"),
    ("of others", r"[^,;]*\b(?:required|(?:is|are) a (?:must|plus)|(?:was|were|is|are) \w+ by)\b"),
)
_BEFORE_CUES = tuple((said, re.compile(cue, re.IGNORECASE)) for said, cue in _BEFORE)
_BEHIND_CUES = tuple((said, re.compile(cue, re.IGNORECASE)) for said, cue in _BEHIND)
_NEEDED = re.compile(r"\b(?:could|can|would)(?:n't|not| not)\b", re.IGNORECASE)
#: No sentence is read further than this to either side.
_FAR = 400


def stance(text: str, start: int, end: int) -> Said:
    """Return what a text says of the name that stands from one offset to another.

    Examples
    --------
    >>> text = "No experience with Kubernetes, I would like to learn Docker; not only Java but Git."
    >>> [
    ...     stance(text, text.index(name), text.index(name) + len(name))
    ...     for name in ("Kubernetes", "Docker", "Java", "Git")
    ... ]
    ['denied', 'wanted', 'asserted', 'asserted']
    """
    before, behind = text[max(0, start - _FAR) : start], text[end : end + _FAR]
    before = _SENTENCE.split(before)[-1]
    behind = _SENTENCE.split(behind)[0].replace("’", "'")
    before = _NONE.sub(lambda match: "_" * len(match[0]), before.replace("’", "'"))
    clause = _CLAUSE.split(before)[-1]
    found = [(match.end(), said) for said, cue in _BEFORE_CUES for match in cue.finditer(clause)]
    nearest: Said = max(found)[1] if found else "asserted"
    if nearest == "denied" and re.search(r"\bwithout\W*$", clause, re.IGNORECASE) and _NEEDED.search(behind):
        return "asserted"
    if nearest == "denied" and re.match(r"[^,;]*\bsince\b", behind):
        return "past"
    for said, cue in _BEHIND_CUES:
        if cue.match(behind):
            return said
    if nearest == "learning" and any(said == "wanted" for _, said in found):
        return "wanted"
    return nearest
