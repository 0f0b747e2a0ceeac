"""Whether a text is an advertisement for a job: it says what is asked for, and not what somebody holds.

Cues of both kinds are counted, each once: what only employers write (*we are looking for*, *your profile*, *we offer*)
and what people write of themselves (*I*, *curriculum vitae*, the years of a post). The lists are ours, English and
German with a few words of French and Spanish.
"""

from __future__ import annotations

import re

__all__ = ["reads_as_advert"]

#: A text is looked at no further than this: advertisements are short.
_FAR = 50_000
_ADVERT = (
    r"\bwe(?: a|['’])re (?:currently |now )?(?:looking for|hiring|seeking)|\bwe seek\b"
    r"|\bwir suchen\b|\bnous recherchons\b"
    r"|\bbuscamos\b",
    r"\bjoin (?:us|our|the)\b|\bverstärk\w*\b|\brejoignez\b",
    r"\byour (?:profile|responsibilities|tasks|role|mission|background|qualifications)\b|\b(?:dein|ihr) profil\b"
    r"|\bvotre profil\b|\btu perfil\b",
    r"\byou (?:will|have|bring|are|can)\b|\byou['’](?:ll|ve|re)\b|\bdu (?:bringst|hast|bist)\b"
    r"|\bsie (?:bringen|haben)\b|\bwhat you\b",
    r"\b(?:deine|ihre) aufgaben\b|\bvos missions\b|^\W*(?:key |main |your )?responsibilities\W*$",
    r"^\W*(?:[\w-]+ ){0,2}(?:requirements|qualifications|anforderungen)\W*$|\brequirements:",
    r"\bmust[- ]haves?\b|\bnice[- ]to[- ]haves?\b|\ba plus\b|\bvon vorteil\b|\bwünschenswert\b|\bpreferred:",
    r"\bwe offer\b|\bwir bieten\b|\bnous offrons\b|\bofrecemos\b|^\W*(?:our )?benefits\W*$",
    r"\babout (?:us|the (?:role|company|job|position|team)|you)\b|\büber uns\b",
    r"\bapply (?:now|today|by|online|here|via)\b|\bbewirb\b|\bbewerbung\b"
    r"|\bsend (?:us )?your (?:cv|resume|application)\b",
    r"\bequal[- ]opportunit|\bwithout regard to\b|\bregardless of (?:race|gender|age)\b",
    r"\bjob (?:description|title|id|type|summary|purpose)\b|\bstellenanzeige\b",
    r"\b(?:the )?(?:ideal|successful) candidates?\b|\bapplicants?\b|\bcandidates? (?:should|must|will)\b",
    r"\bsalary(?: range)?\b|\bgehalt\b|\bper annum\b",
    r"\((?:[mwfdx]\s*/\s*){1,3}[mwfdx]\)|\ball genders\b",
)
_PERSON = (
    r"\bcurriculum vitae\b|\br[eé]sum[eé]\b|\blebenslauf\b",
    r"^\W*(?:work|professional|employment) (?:experience|history)\W*$|^\W*experience\W*$|\bberufserfahrung\b",
    r"^\W*education\W*$|^\W*ausbildung\W*$|^\W*studium\W*$",
    r"\bdate of birth\b|\bgeboren\b|\bnationality\b|\breferences available\b",
    r"\b(?:19|20)\d\d\s*(?:[-–—]|to|bis)\s*(?:(?:\d\d/)?(?:19|20)\d\d|present|now|today|heute)\b",
    r"\b(?:I['’]m|I am|I have|I['’]ve)\b",
    r"\b(?:my|mine|ich|meine?)\b",
)
_ADVERT_CUES = tuple(re.compile(cue, re.IGNORECASE | re.MULTILINE) for cue in _ADVERT)
_PERSON_CUES = tuple(re.compile(cue, re.IGNORECASE | re.MULTILINE) for cue in _PERSON)


def reads_as_advert(text: str) -> bool:
    r"""Whether a text asks for a person rather than telling of one.

    Examples
    --------
    >>> reads_as_advert("We are looking for a Data Engineer.\nRequirements:\n- Python\nNice to have: Kafka")
    True
    >>> reads_as_advert("Python, SQL"), reads_as_advert("I read that you will hire. I have used Python for years.")
    (False, False)
    """
    start = text[:_FAR]
    asked = sum(1 for cue in _ADVERT_CUES if cue.search(start))
    told = sum(1 for cue in _PERSON_CUES if cue.search(start))
    return asked >= 2 and asked > 2 * told
