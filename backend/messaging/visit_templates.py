"""Texts about times and visits. `{when}`, `{clinician}` and `{clinic}` are those of the visit as it is when sent.

A reminder never asks for the word CANCEL: carriers take it for an opt-out.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Default:
    """A template every practice begins with."""

    key: str
    name: str
    body: str
    first: bool = False


_OFFER = (
    "{practice}: hi {first_name}, we have these times for you: {slots}. Reply with the number to book it, "
    "or with days and times that suit you. Reply STOP to opt out."
)
_BOOKED = (
    "{practice}: you are booked for {when} with {clinician} at {clinic}. "
    "Need another time? Reply R or call {clinic_phone}."
)
_MOVED = "{practice}: your visit is now {when} with {clinician} at {clinic}. Need another time? Reply R."
_TAKEN = (
    "{practice}: sorry, that time has just been taken. Still free: {slots}. "
    "Reply with the number to book it, or call {clinic_phone}."
)
_ALL_TAKEN = "{practice}: sorry, that time has just been taken. We will look for another time and write to you."
_REMINDER = (
    "{practice}: hi {first_name}, your visit is {when} with {clinician} at {clinic}. "
    "Reply C to confirm, R to reschedule."
)
_SOON = "{practice}: see you soon: {when} with {clinician} at {clinic}. Reply C to confirm, R to reschedule."
_CONFIRMED = "{practice}: thank you, see you {when}."
_GIVE_UP = "{practice}: shall we give up your visit {when}? Reply YES to give it up, R for another time."
_GIVEN_UP = (
    "{practice}: your visit {when} is canceled. Other times: {slots}. "
    "Reply with the number to book it, or call {clinic_phone}."
)
_GIVEN_UP_ALONE = "{practice}: your visit {when} is canceled. Call {clinic_phone} when you want a new time."
_OTHER_TIMES = (
    "{practice}: other times for your visit: {slots}. Reply with the number to move it there, or see all times: "
    "{reschedule_link} Or call {clinic_phone}. Until then it stays {when}."
)
_OPENING = (
    "{practice}: a time has opened: {when} with {clinician} at {clinic}. Reply YES to take it; the first yes gets it. "
    "Reply STOP to opt out."
)
_OPENING_GONE = "{practice}: the time {when} has gone to somebody else. You stay on our list."

_OFFER_ES = (
    "{practice}: hola {first_name}, tenemos estas horas: {slots}. Responda con el numero para reservar, "
    "o escriba la fecha y la hora que prefiere. Responda ALTO para no recibir mensajes."
)
_BOOKED_ES = (
    "{practice}: su visita es {when} con {clinician} en {clinic}. Otra hora? Responda R o llame al {clinic_phone}."
)
_MOVED_ES = "{practice}: su visita es ahora {when} con {clinician} en {clinic}. Otra hora? Responda R."
_TAKEN_ES = (
    "{practice}: disculpe, esa hora ya no se puede reservar. Quedan: {slots}. "
    "Responda con el numero, o llame al {clinic_phone}."
)
_ALL_TAKEN_ES = "{practice}: disculpe, esa hora ya no se puede reservar. Buscaremos otra hora y le escribiremos."
_REMINDER_ES = (
    "{practice}: hola {first_name}, su visita es {when} con {clinician} en {clinic}. "
    "Responda C para confirmar, R para cambiarla."
)
_SOON_ES = (
    "{practice}: le esperamos pronto: {when} con {clinician} en {clinic}. Responda C para confirmar, R para cambiarla."
)
_CONFIRMED_ES = "{practice}: gracias, le esperamos {when}."
_GIVE_UP_ES = "{practice}: quiere dejar su visita {when}? Responda SI para dejarla, R para otra hora."
_GIVEN_UP_ES = (
    "{practice}: su visita {when} queda anulada. Otras horas: {slots}. "
    "Responda con el numero para reservar, o llame al {clinic_phone}."
)
_GIVEN_UP_ALONE_ES = "{practice}: su visita {when} queda anulada. Llame al {clinic_phone} para otra hora."
_OTHER_TIMES_ES = (
    "{practice}: otras horas para su visita: {slots}. Responda con el numero para cambiarla, o vea todas: "
    "{reschedule_link} O llame al {clinic_phone}. Por ahora sigue {when}."
)
_OPENING_ES = (
    "{practice}: hay una hora libre: {when} con {clinician} en {clinic}. Responda SI para tomarla; es de quien "
    "responda primero. Responda ALTO para no recibir mensajes."
)
_OPENING_GONE_ES = "{practice}: la hora {when} ya es de otra persona. Usted sigue en nuestra lista."

_NAMED: Final = (
    ("offer_times", "Offer times", _OFFER, _OFFER_ES, True),
    ("visit_booked", "Booked by text", _BOOKED, _BOOKED_ES, False),
    ("visit_moved", "Moved by text", _MOVED, _MOVED_ES, False),
    ("time_taken", "Chosen time is taken", _TAKEN, _TAKEN_ES, False),
    ("no_time_left", "Chosen time is taken, no other", _ALL_TAKEN, _ALL_TAKEN_ES, False),
    ("visit_reminder", "Reminder of a visit", _REMINDER, _REMINDER_ES, False),
    ("visit_soon", "Reminder on the day", _SOON, _SOON_ES, False),
    ("visit_confirmed", "Visit confirmed", _CONFIRMED, _CONFIRMED_ES, False),
    ("give_up_visit", "Ask whether to cancel", _GIVE_UP, _GIVE_UP_ES, False),
    ("visit_canceled", "Canceled by text", _GIVEN_UP, _GIVEN_UP_ES, False),
    ("visit_canceled_alone", "Canceled by text, no other time", _GIVEN_UP_ALONE, _GIVEN_UP_ALONE_ES, False),
    ("other_times", "Other times for a visit", _OTHER_TIMES, _OTHER_TIMES_ES, False),
    ("waitlist_opening", "Waitlist: a time has opened", _OPENING, _OPENING_ES, True),
    ("waitlist_gone", "Waitlist: the time is gone", _OPENING_GONE, _OPENING_GONE_ES, False),
)
VISITS: Final = tuple(
    template
    for key, name, body, spanish, first in _NAMED
    for template in (Default(key, name, body, first), Default(f"{key}_es", f"{name} (Spanish)", spanish, first))
)
# Sent by the rules about one visit; a person picks only the offer.
ANSWERS: Final = frozenset(template.key for template in VISITS if not template.key.startswith("offer_times"))
