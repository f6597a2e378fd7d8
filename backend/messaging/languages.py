"""The language of a reply, by the words our Spanish rules know. Pure; in doubt nobody is taken to speak either."""

from typing import Final, Literal

from backend.messaging.optout import plain

Language = Literal["en", "es"]
# Alone, these are surely Spanish.
ALONE: Final = frozenset(
    "si alto parar pare baja ayuda iniciar reanudar claro gracias hola detengase desuscribir".split()
)
SPANISH: Final = frozenset(
    """gracias hola buenos buenas dias tarde tardes noche lunes martes miercoles jueves viernes sabado domingo manana
    mananas despues antes puedo puede quiero quiere llame llameme llamenme llamar hablar numero equivocado equivocada
    mensajes mensaje escriban escriba manden quiten dejen ayuda cita favor por para esta usted mi su que cual cuando
    donde como estoy soy tengo voy necesito interesa persona la las los el del de en con una y o semana entre""".split()
)
ENGLISH: Final = frozenset(
    """the a an i me my you your is are am was be can could would will do does not no yes and or to at in on of for with
    this that it please thanks thank stop call text when what where after before morning afternoon monday tuesday
    wednesday thursday friday saturday sunday tomorrow today ok okay sure hi hello have get wrong number""".split()
)
# "no", "a", "me" and the like are in both.
SHARED: Final = frozenset({"no", "a", "me", "in", "on", "son", "van"})


def language(text: str) -> Language | None:
    """`es` or `en` when the words tell; None for "2", "ok?" or a mixture."""
    words = plain(text).split()
    if len(words) == 1 and words[0] in ALONE:
        return "es"
    spanish = sum(word in SPANISH for word in words)
    english = sum(word in ENGLISH - SHARED for word in words)
    if spanish == english:
        return None
    return "es" if spanish > english else "en"
