"""Every wording that must stop texts, and those that must not."""

import pytest

from backend.messaging.optout import meaning

STOP = """
STOP|stop|Stop.|STOP!!!|stop please|please stop|Pls stop|STOPALL|stop all|UNSUBSCRIBE|Unsubscribe please|CANCEL
END|QUIT|REVOKE|OPTOUT|opt out|Opt-out|OPT OUT|opting out|I opt out|opt me out|I want to opt out of texts
please opt me out|unsub|remove|remove me|Remove me from your list|please remove my number|take me off your list
take me off this|take my number off|off your list please|delete my number|delete my info|erase me
drop me from the list|stop texting me|Stop texting|stop txting|stop messaging me|stop sending me texts
stop sending these messages|stop sending me these|quit texting me|quit messaging|don't text me
Don’t text me anymore|dont text|do not text me|DO NOT TEXT|do not message me again|do not contact me
don't contact me|never text me again|never contact me|don't ever text me|please do not text this number
please don't send me texts|do not write me|no more texts|no more text messages|No more messages please|no texts
no texting please|no sms|enough texts|enough with the texts|i don't want texts|I do not want any more messages
I don't want to receive texts|dont want text messages|I don't wish to get texts|do not want to be contacted
I do not consent to texts|I dont need texts|no longer want texts|I no longer wish to receive messages
I revoke my consent|revoking consent|I withdraw my consent|withdraw permission|stop contacting me
stop bothering me|quit bothering me|stop harassing me|leave me alone|let me be|lose my number|go away|fuck off
piss off|stop it|stop this|stop now|STOP NOW!|stop already|stop immediately|stop everything|stop the texts
stop these texts|stop all texts|stop your texts|cease texting|halt messages|end texts|end the messages
cancel texts|cancel text|spam|this is spam stop|reporting you|report as spam|blocking you
I'm blocking this number|STOP STOP STOP|s t o p|stop thanks|ok stop|stop thx|Stop, thank you|STOP 🛑|🛑 stop
“STOP”|stop.|.stop|Stop\tnow|ＳＴＯＰ|arret|TD|ALTO|alto|PARAR|parar por favor|CANCELAR|BAJA|basta|pare|detengase
no me escriban|no me escriban más|No me manden mensajes|no me mandes mas mensajes|no me envíen mensajes
no me envien nada|no me molesten|no me contacten|no me texteen|dejen de escribirme|deja de mandar mensajes
dejen de enviarme textos|dejen de molestar|paren de escribirme|no quiero mensajes|no quiero recibir mensajes
no deseo recibir textos|no más mensajes|no mas textos|quítenme de la lista|quitenme|borren mi numero|borrenme
eliminen mi número|eliminenme|quiero darme de baja|ya no quiero mensajes|ya no me manden mensajes
ya no me escriban|déjenme en paz|saquenme de la lista
"""
NOT_STOP = """
yes|no|ok|Tues after 3|call me at 5|I need to cancel my appointment|cancel my appt please|cancelar mi cita
can I stop by at 3|I'll stop in tomorrow|my back stopped hurting|I stopped by yesterday|the end of the week
at the end of May works|I didn't get your text|don't text and drive lol|is there an end time?
can you remove the stitches?|Quitting my job frees Mondays|I'd like to start|what's this about|who is this|2
Thursday|after 5pm|the pain doesn't end|can't make it|canceled my gym membership so I have time
please text me the address|text me tomorrow|Thanks!|sounds good|?!|I can take the 3 pm|remind me again please
"""
WRONG = """
wrong number|Wrong number.|wrong person|you have the wrong number|You've got the wrong person
u have wrong number|not his number|this is not her number|No one here by that name|nobody here named Ada
no one by that name|wrong phone|sorry wrong #|wrong guy|I just got this number|I don't know any Ada
don't know who that is|this isn't Ada's phone|numero equivocado|número equivocado|se equivocó|equivocado
no conozco a Ada|no soy esa persona|this number no longer belongs to her
"""


def cases(text: str) -> list[str]:
    return [case for line in text.strip().splitlines() for case in line.split("|") if case]


def test_there_are_enough_cases() -> None:
    assert len(cases(STOP)) >= 150


@pytest.mark.parametrize("text", cases(STOP))
def test_stops(text: str) -> None:
    assert meaning(text) == "stop"


@pytest.mark.parametrize("text", cases(NOT_STOP))
def test_goes_on(text: str) -> None:
    assert meaning(text) is None


@pytest.mark.parametrize("text", cases(WRONG))
def test_wrong_person(text: str) -> None:
    assert meaning(text) == "wrong_person"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("START", "start"),
        ("unstop", "start"),
        ("Start!", "start"),
        ("HELP", "help"),
        ("info", "help"),
        ("ayuda", "help"),
    ],
)
def test_start_and_help(text: str, expected: str) -> None:
    assert meaning(text) == expected


def test_yes_is_no_start() -> None:
    assert meaning("YES") is None, "only somebody who had opted out means START by YES"
