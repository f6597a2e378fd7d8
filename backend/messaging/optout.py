"""What a reply means for permission to text: stop, start, help, or "you have the wrong person".

Words of 47 CFR 64.1200(a)(10) and of the carriers count as they stand; any other clear wording counts too ("by any
reasonable means"), in English and Spanish. In doubt we stop: a text too few costs a call, one too many up to $1,500.
"""

import re
import unicodedata
from typing import Final, Literal

Meaning = Literal["stop", "start", "help", "wrong_person"]

STOP_WORDS: Final = frozenset(
    """stop stopall quit end revoke optout cancel unsubscribe remove arret td unsub
    alto parar pare cancelar baja basta desuscribir deténgase detengase""".split()
)
START_WORDS: Final = frozenset("start unstop resume continue iniciar reanudar".split())
HELP_WORDS: Final = frozenset("help info ayuda aiuda informacion".split())

TEXTS: Final = r"(?:text|txt|message|msg|sms|contact|communicat|bother|harass|spam|notification|reminder)"
BETWEEN: Final = (
    r"(?:all |of |with |sending |the |these |those |your |any |me |my |this |that |number |texting |messaging )*"
)
NOT_DO: Final = r"(?:do not|don t|dont)"
# One of these anywhere in the text is a wish to stop.
STOP_PHRASES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bopt(?:ing|ed|s)?[ -]?(?:me )?out\b",
        r"\bunsubscrib|\bun sub\b",
        rf"\b(?:stop|quit|cease|end|halt|no more|enough(?: with)?) {BETWEEN}{TEXTS}",
        r"\bstop (?:it|this|that|now|please|already|asap|immediately|everything)\b",
        r"\b(?:please|pls) stop\b|\bstop stop\b|\bs t o p\b",
        rf"\b(?:{NOT_DO}|never|not to|quit|stop) (?:ever |please |you |to )*(?:{TEXTS}|write|send me)",
        r"\b(?:remove|take|delete|drop|erase) (?:me|us|my (?:number|phone|name|cell|info)|this (?:number|phone))\b",
        r"\boff (?:of )?(?:your|the|this) (?:text )?list\b|\bget me off\b",
        r"\b(?:leave|let) me (?:alone|be)\b|\blose my number\b|\bfuck off\b|\bpiss off\b|\bgo away\b",
        rf"\bno (?:more )?{TEXTS}(?:s|es|ing)?\b",
        rf"\b(?:{NOT_DO}|no longer) (?:want|wish|like|need|consent)[a-z ]*{TEXTS}",
        r"\b(?:revok\w*|withdraw) (?:my )?(?:consent|permission)",
        r"\bblock(?:ing|ed)? (?:you|this number|your number)\b|\breport(?:ing|ed)? (?:you|this|as spam)\b",
        r"^spam\b|\bthis is spam\b",
        r"^(?:stop|quit|unsubscribe|end texts?|cancel texts?)\b(?! by| in | at | over)",
        r"\bno (?:me )?(?:escriban?|escribas|manden?|mandes|envien?|envies|molesten?|molestes|contacten?|textee?n?)\b",
        r"\b(?:dejen?|deja|deje|paren?) de (?:escrib|mand|envi|molest|text|contact)",
        r"\bno (?:quiero|deseo) (?:mas |recibir )*(?:mensajes|textos|sms)|\bno mas (?:mensajes|textos)\b",
        r"\b(?:quiten?|borren?|eliminen?|saquen?)(?:me| mi numero)\b|\bdarme de baja\b|\bdejenme en paz\b",
        r"\bya no (?:quiero (?:mas )?(?:mensajes|textos)|me (?:manden|escriban|envien))\b",
    )
)
# These speak of calls or visits, not of texts.
NOT_STOP: Final = re.compile(
    r"\bcancel(?:ar)? (?:my |the |our |mi |la )?(?:appointment|appt|visit|eval|session|cita|surgery)"
    r"|\b(?:do not|don t|dont) (?:text|message) (?:and|while|when i|if i) "
    r"|\bdid(?:n t| not) (?:get|receive|see) (?:your|the|a|any) (?:text|message)"
    r"|\bstop(?:ped)? (?:by|in|at|over|hurting|working|taking)\b"
)
PHONE: Final = r"(?:number|phone|cell)"
WRONG_PERSON: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bwrong (?:number|person|phone|cell|guy|lady|one|num)\b|\bwrong #",
        rf"\b(?:not|isn t|isnt|ain t|aint) (?:his|her|their|[a-z]+ s) {PHONE}\b",
        r"\b(?:no one|nobody) (?:here )?(?:by|with|named|called)\b",
        r"\bno [a-z]+ (?:lives )?(?:at this number|here)\b",
        r"\b(?:you have|you ve(?: got)?|u have|you got|u got) (?:the )?wrong\b",
        r"\b(?:don t|dont|do not) know (?:any |anyone|who (?:that|this|he|she) is)",
        rf"\bjust got this {PHONE}\b|\bthis {PHONE} (?:does not|doesn t|doesnt|no longer) belong",
        r"\bnumero equivocado\b|\bpersona equivocada\b|\bse equivoc\w+\b|\bequivocad[oa]\b",
        r"\bno (?:soy|es) (?:esa|ese|la|el) persona\b|\bno conozco a\b",
    )
)


def plain(text: str) -> str:
    """Lower case, without accents, emoji and punctuation; curly apostrophes and repeats made one space."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9#]+", " ", bare).strip()


def meaning(text: str) -> Meaning | None:
    """What the reply says about texting us; None when it says nothing of the kind."""
    said = plain(text)
    joined = said.replace(" ", "")
    if said in STOP_WORDS or joined in STOP_WORDS:
        return "stop"
    if said in START_WORDS or joined in START_WORDS:
        return "start"
    if said in HELP_WORDS or (text.strip() == "?" and not said):
        return "help"
    if any(pattern.search(said) for pattern in WRONG_PERSON):
        return "wrong_person"
    asked = NOT_STOP.sub(" ", said)
    words = asked.split()
    if any(pattern.search(asked) for pattern in STOP_PHRASES):
        return "stop"
    # "Stop!!!", "STOP thanks", "ok stop": a stop word among very few words.
    if len(words) <= 3 and STOP_WORDS & set(words) - {"end", "remove", "cancel", "td"}:
        return "stop"
    return None
