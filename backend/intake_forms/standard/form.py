"""The whole standard form."""

from typing import Final

from backend.intake_forms.definition import Definition, Words
from backend.intake_forms.standard.agreements import AGREEMENTS, SIGNATURE
from backend.intake_forms.standard.health import HEALTH, MEDICINES
from backend.intake_forms.standard.person import ABOUT_YOU, INSURANCE
from backend.intake_forms.standard.problem import GOALS, MEASURE, PROBLEM

NAME: Final = "New patient"
FORM: Final = Definition(
    title=Words(en="New patient form", es="Formulario de paciente nuevo"),
    intro=Words(
        en="It takes about 10 minutes. We save as you go, so you can stop and come back.",
        es="Toma unos 10 minutos. Guardamos mientras escribe: puede parar y volver después.",
    ),
    sections=[ABOUT_YOU, INSURANCE, PROBLEM, MEASURE, HEALTH, MEDICINES, GOALS, AGREEMENTS, SIGNATURE],
)
