"""The texts every practice begins with, and how placeholders are filled; `linting.py` says what may be in a text."""

import re
from typing import Final

from backend.messaging.linting import CLINICAL, lint
from backend.messaging.placeholders import FACTS, PLACEHOLDER
from backend.messaging.visit_templates import VISITS, Default

__all__ = ["DEFAULTS", "FIRST", "PLACEHOLDER", "STANDARD", "Default", "bounded", "fill", "lint"]


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

_SCHEDULE = (
    "{practice}: hi {first_name}, pick the time that suits you for your first visit: {schedule_link} "
    "Or call {clinic_phone}. Reply STOP to opt out."
)
_INTAKE = (
    "{practice}: hi {first_name}, please fill in your forms before your visit: {intake_link} "
    "It takes about 10 minutes, and you can stop and go on later. Questions? Call {clinic_phone}."
)
_INTAKE_AGAIN = (
    "{practice}: hi {first_name}, your forms are not finished yet. Please send them before your visit: {intake_link} "
    "Questions? Call {clinic_phone}."
)
_UPLOAD = (
    "{practice}: hi {first_name}, please send us photos of your card and your doctor's order: {upload_link} "
    "Questions? Call {clinic_phone}."
)
_DIRECTIONS = (
    "{practice}: hi {first_name}, here is when and where your visit is, and what to bring: {visit_link} "
    "Questions? Call {clinic_phone}."
)
_RESCHEDULE = (
    "{practice}: hi {first_name}, here you can find another time for your visit: {reschedule_link} "
    "Or call {clinic_phone}."
)
_MEASURE = (
    "{practice}: hi {first_name}, how are you doing? Please answer a few short questions: {measure_link} "
    "It takes about 2 minutes. Questions? Call {clinic_phone}."
)

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
_SCHEDULE_ES = (
    "{practice}: hola {first_name}, elija la hora que prefiere para su primera visita: {schedule_link} "
    "O llame al {clinic_phone}. Responda ALTO para no recibir mensajes."
)
_INTAKE_ES = (
    "{practice}: hola {first_name}, por favor llene sus formularios antes de su visita: {intake_link} "
    "Toma unos 10 minutos y puede seguir otro momento. Preguntas? Llame al {clinic_phone}."
)
_INTAKE_AGAIN_ES = (
    "{practice}: hola {first_name}, faltan sus formularios. Por favor termine antes de su visita: "
    "{intake_link} Preguntas? Llame al {clinic_phone}."
)
_UPLOAD_ES = (
    "{practice}: hola {first_name}, por favor mande fotos de su tarjeta y de la orden de su doctor: {upload_link} "
    "Preguntas? Llame al {clinic_phone}."
)
_DIRECTIONS_ES = (
    "{practice}: hola {first_name}, vea la fecha y el lugar de su visita y lo que debe traer: {visit_link} "
    "Preguntas? Llame al {clinic_phone}."
)
_MEASURE_ES = (
    "{practice}: hola {first_name}, le va mejor? Por favor conteste unas preguntas cortas: {measure_link} "
    "Toma unos 2 minutos. Dudas? Llame al {clinic_phone}."
)
_RESCHEDULE_ES = (
    "{practice}: hola {first_name}, puede buscar otra hora para su visita: {reschedule_link} O llame al {clinic_phone}."
)

DEFAULTS: Final = (
    Default("consent_request", "Ask whether we may text", _CONSENT, first=True),
    Default("first_text", "First text", _FIRST, first=True),
    Default("after_yes", "After a yes", _AFTER_YES),
    Default("second_text", "Second text", _SECOND),
    Default("missed_evaluation", "Missed evaluation", _MISSED_EVALUATION),
    Default("last_attempt", "Last attempt", _LAST_ATTEMPT),
    Default("missed_call", "Missed call", _MISSED, first=True),
    Default("schedule_link", "Link to pick a time", _SCHEDULE, first=True),
    Default("intake_link", "Link to the forms", _INTAKE),
    Default("intake_reminder", "Reminder of the forms", _INTAKE_AGAIN),
    Default("upload_link", "Link to send card and order", _UPLOAD),
    Default("directions", "Where to go", _DIRECTIONS),
    Default("reschedule_link", "Link to find another time", _RESCHEDULE),
    Default("measure_link", "Link to questions on progress", _MEASURE),
    Default("stopped", "Answer to STOP", _STOPPED),
    Default("started", "Answer to START", _STARTED),
    Default("help", "Answer to HELP", _HELP),
    Default("wrong_person", "Answer to a wrong number", _WRONG),
    Default("after_yes_es", "After a yes (Spanish)", _AFTER_YES_ES),
    Default("second_text_es", "Second text (Spanish)", _SECOND_ES),
    Default("missed_call_es", "Missed call (Spanish)", _MISSED_ES, first=True),
    Default("schedule_link_es", "Link to pick a time (Spanish)", _SCHEDULE_ES, first=True),
    Default("intake_link_es", "Link to the forms (Spanish)", _INTAKE_ES),
    Default("intake_reminder_es", "Reminder of the forms (Spanish)", _INTAKE_AGAIN_ES),
    Default("upload_link_es", "Link to send card and order (Spanish)", _UPLOAD_ES),
    Default("directions_es", "Where to go (Spanish)", _DIRECTIONS_ES),
    Default("reschedule_link_es", "Link to find another time (Spanish)", _RESCHEDULE_ES),
    Default("measure_link_es", "Link to questions on progress (Spanish)", _MEASURE_ES),
    Default("stopped_es", "Answer to STOP (Spanish)", _STOPPED_ES),
    Default("started_es", "Answer to START (Spanish)", _STARTED_ES),
    Default("help_es", "Answer to HELP (Spanish)", _HELP_ES),
    Default("wrong_person_es", "Answer to a wrong number (Spanish)", _WRONG_ES),
    *VISITS,
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
    most = FACTS.get(name, len(value))
    if name == "first_name" and (len(value) > most or not NAME.fullmatch(value) or CLINICAL.search(value)):
        return ""
    return value if len(value) <= most else value[: most - 3].rstrip() + "..."
