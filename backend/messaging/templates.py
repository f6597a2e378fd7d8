"""The texts every practice begins with, and how placeholders are filled; `linting.py` says what may be in a text."""

import re
from dataclasses import dataclass
from typing import Final

from backend.messaging.linting import BOUNDS, CLINICAL, PLACEHOLDER, lint

__all__ = ["DEFAULTS", "FIRST", "PLACEHOLDER", "STANDARD", "Default", "bounded", "fill", "lint"]


@dataclass(frozen=True, slots=True)
class Default:
    """A template every practice begins with."""

    key: str
    name: str
    body: str
    first: bool = False


_CONSENT = (
    "{practice}: your doctor's office asked us to help you get started. May we text you to find a time? "
    "Reply YES, or call {clinic_phone}. Reply STOP to opt out."
)
_FIRST = (
    "{practice}: hi {first_name}, we're ready to schedule your first visit. Which days and times suit you? "
    "Or call {clinic_phone}. Reply STOP to opt out."
)
_AFTER_YES = (
    '{practice}: thank you, {first_name}! Which days and times suit you for a first visit? For example "Tue after 3".'
)
_SECOND = (
    "{practice}: hi {first_name}, we would still like to find a time for you. Reply with what suits you, "
    "or call {clinic_phone}. Reply STOP to opt out."
)
_MISSED_EVALUATION = (
    "{practice}: hi {first_name}, sorry we did not see you. Reply with days and times that suit you for a new visit, "
    "or call {clinic_phone}. Reply STOP to opt out."
)
_LAST_ATTEMPT = (
    "{practice}: hi {first_name}, we could not reach you. If you still want a visit, reply here or call "
    "{clinic_phone} any time. Reply STOP to opt out."
)
_MISSED = (
    "{practice}: sorry we missed your call. Text us here what you need, or we will call you back. "
    "Reply STOP to opt out."
)
_STOPPED = (
    "{practice}: you will get no more texts from us. Call {clinic_phone} any time. Reply START to get texts again."
)
_STARTED = (
    "{practice}: you will get texts about your care again. Msg frequency varies, msg&data rates may apply. "
    "Reply HELP for help, STOP to opt out."
)
_HELP = (
    "{practice}: texts about scheduling your care. Call {clinic_phone} for help. "
    "Msg&data rates may apply. Reply STOP to opt out."
)
_WRONG = "{practice}: sorry about that. We have removed this number and will not text it again."

# Sent in place of the text of the same name to who writes Spanish. Accents that GSM 03.38 lacks are avoided.
_AFTER_YES_ES = (
    "{practice}: gracias, {first_name}. Escriba la fecha y la hora que prefiere para su primera visita, "
    'por ejemplo "martes por la tarde".'
)
_SECOND_ES = (
    "{practice}: hola {first_name}, queremos programar su primera visita. Escriba la fecha y la hora que prefiere, "
    "o llame al {clinic_phone}. Responda ALTO para no recibir mensajes."
)
_MISSED_ES = (
    "{practice}: disculpe que no pudimos atender su llamada. Escriba lo que necesita, o le llamaremos pronto. "
    "Responda ALTO para no recibir mensajes."
)
_STOPPED_ES = (
    "{practice}: no le enviaremos otros mensajes. Puede llamar al {clinic_phone} cuando quiera. "
    "Responda INICIAR para volver a recibirlos."
)
_STARTED_ES = (
    "{practice}: de nuevo le enviaremos mensajes para programar sus visitas. Pueden aplicarse tarifas de mensajes y "
    "datos. Responda AYUDA para ayuda, ALTO para no recibir mensajes."
)
_HELP_ES = (
    "{practice}: mensajes para programar sus visitas. Llame al {clinic_phone} si necesita ayuda. Pueden aplicarse "
    "tarifas de mensajes y datos. Responda ALTO para no recibir mensajes."
)
_WRONG_ES = "{practice}: disculpe la molestia. Hemos borrado su contacto y no le escribiremos de nuevo."

DEFAULTS: Final = (
    Default("consent_request", "Ask whether we may text", _CONSENT, first=True),
    Default("first_text", "First text", _FIRST, first=True),
    Default("after_yes", "After a yes", _AFTER_YES),
    Default("second_text", "Second text", _SECOND),
    Default("missed_evaluation", "Missed evaluation", _MISSED_EVALUATION),
    Default("last_attempt", "Last attempt", _LAST_ATTEMPT),
    Default("missed_call", "Missed call", _MISSED, first=True),
    Default("stopped", "Answer to STOP", _STOPPED),
    Default("started", "Answer to START", _STARTED),
    Default("help", "Answer to HELP", _HELP),
    Default("wrong_person", "Answer to a wrong number", _WRONG),
    Default("after_yes_es", "After a yes (Spanish)", _AFTER_YES_ES),
    Default("second_text_es", "Second text (Spanish)", _SECOND_ES),
    Default("missed_call_es", "Missed call (Spanish)", _MISSED_ES, first=True),
    Default("stopped_es", "Answer to STOP (Spanish)", _STOPPED_ES),
    Default("started_es", "Answer to START (Spanish)", _STARTED_ES),
    Default("help_es", "Answer to HELP (Spanish)", _HELP_ES),
    Default("wrong_person_es", "Answer to a wrong number (Spanish)", _WRONG_ES),
)
STANDARD: Final = {template.key: template for template in DEFAULTS}
FIRST: Final = frozenset(template.key for template in DEFAULTS if template.first)
NAME: Final = re.compile(r"(?:[^\W\d_]|[ .'’-])*")


def fill(body: str, facts: dict[str, str]) -> str:
    """The text with its placeholders filled; one that is empty leaves no double space or stray comma."""
    text = PLACEHOLDER.sub(lambda found: facts.get(found.group(1), ""), body)
    return re.sub(r"\s+([,.!?])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def bounded(facts: dict[str, str]) -> dict[str, str]:
    """Facts within their placeholders' bounds: what is surely no first name is left out, anything else is cut."""
    return {name: _bounded(name, " ".join(value.split())) for name, value in facts.items()}


def _bounded(name: str, value: str) -> str:
    most = BOUNDS.get(name, len(value))
    if name == "first_name" and (len(value) > most or not NAME.fullmatch(value) or CLINICAL.search(value)):
        return ""
    return value if len(value) <= most else value[: most - 3].rstrip() + "..."
