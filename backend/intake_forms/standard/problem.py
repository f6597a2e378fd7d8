"""What brings the patient: where, since when, how strong, and what it keeps them from doing."""

from typing import Any, Final

from backend.intake_forms.standard.writing import any_of, ask, options, section, when

NO_PAIN: Final[dict[str, Any]] = {
    "low": {"en": "No pain", "es": "Sin dolor"},
    "high": {"en": "Worst pain", "es": "El peor dolor"},
}

PROBLEM: Final = section(
    "problem",
    ("Your problem", "Su problema"),
    ask("body_diagram", "where", ("Where does it bother you?", "¿Dónde le molesta?"), prefill="order.body_part",
        help_=("Tap every place, or use the list.", "Toque cada lugar, o use la lista.")),
    ask("multi_choice", "feels", ("What does it feel like?", "¿Cómo se siente?"), required=False, options=options(
        ("ache", "Aching", "Dolor sordo"), ("sharp", "Sharp", "Punzante"), ("burning", "Burning", "Ardor"),
        ("numb", "Numb or tingling", "Adormecido u hormigueo"), ("stiff", "Stiff", "Rígido"),
        ("weak", "Weak", "Débil"), ("unsteady", "Unsteady or dizzy", "Inestable o mareado"),
    )),
    ask("choice", "began", ("When did it start?", "¿Cuándo empezó?"), options=options(
        ("days", "Less than 2 weeks ago", "Hace menos de 2 semanas"),
        ("weeks", "2 to 6 weeks ago", "Hace 2 a 6 semanas"),
        ("months", "6 weeks to 6 months ago", "Hace 6 semanas a 6 meses"),
        ("long", "More than 6 months ago", "Hace más de 6 meses"),
    )),
    ask("choice", "how", ("How did it start?", "¿Cómo empezó?"), options=options(
        ("surgery", "After surgery", "Después de una cirugía"), ("fall", "I fell", "Me caí"),
        ("injury", "I got hurt", "Me lastimé"), ("slowly", "Slowly, over time", "Poco a poco"),
        ("unknown", "I do not know", "No lo sé"),
    )),
    ask("date", "surgery_date", ("When was the surgery?", "¿Cuándo fue la cirugía?"), when="past",
        prefill="order.surgery_date", show_if=when("how", "surgery")),
    ask("short_text", "surgery_kind", ("What was done?", "¿Qué le hicieron?"), prefill="order.procedure",
        show_if=when("how", "surgery"), required=False, max_length=500),
    ask("long_text", "story", ("Tell us more, in your own words", "Cuéntenos más, con sus palabras"), required=False),
    ask("long_text", "worse", ("What makes it worse?", "¿Qué lo empeora?"), required=False, max_length=1000),
    ask("long_text", "better", ("What makes it better?", "¿Qué lo mejora?"), required=False, max_length=1000),
    ask("multi_choice", "tests", ("Which tests have you had for this?", "¿Qué pruebas le han hecho por esto?"),
        required=False, options=options(
        ("xray", "X-ray", "Rayos X"), ("mri", "MRI", "Resonancia"), ("ct", "CT scan", "Tomografía"),
        ("nerve", "Nerve test", "Prueba de nervios"), ("none", "None", "Ninguna"), alone="none",
    )),
)  # fmt: skip

# Numeric pain rating (NPRS) and own activities (PSFS, Stratford 1995): both may be used freely.
MEASURE: Final = section(
    "measure",
    ("Pain and daily life", "Dolor y vida diaria"),
    ask("scale", "pain_now", ("How strong is the pain right now?", "¿Qué tan fuerte es el dolor ahora?"), **NO_PAIN),
    ask("scale", "pain_best", ("At its best in the last week?", "¿En su mejor momento de la última semana?"),
        **NO_PAIN),
    ask("scale", "pain_worst", ("At its worst in the last week?", "¿En su peor momento de la última semana?"),
        **NO_PAIN),
    ask("activities", "activities", ("Name three to five things that are hard to do because of this problem",
        "Nombre de tres a cinco cosas que le cuestan por este problema"), least=3, most=5,
        help_=("For each one: 0 means you cannot do it, 10 means you can do it as well as before. Add things that are"
               " only a little hard, too.",
               "Para cada una: 0 significa que no puede hacerla, 10 que puede hacerla tan bien como antes. Agregue"
               " también cosas que le cuestan solo un poco.")),
    ask("yes_no", "sleep", ("Does it wake you up at night?", "¿Le despierta por la noche?"), required=False),
)  # fmt: skip

GOALS: Final = section(
    "goals",
    ("Your goals", "Sus metas"),
    ask("long_text", "goal", ("What do you want to get back to?", "¿Qué quiere volver a hacer?"), max_length=1000),
    ask("date", "goal_by", ("Is there a day you want to be ready for?", "¿Hay un día para el que quiera estar listo?"),
        when="future", required=False),
    ask("choice", "home_help", ("Who can help you at home?", "¿Quién puede ayudarle en casa?"), required=False,
        options=options(("none", "I live alone", "Vivo solo o sola"), ("family", "My family", "Mi familia"),
                        ("other", "Somebody else", "Otra persona"))),
    ask("short_text", "home_helper", ("Who is that?", "¿Quién es?"), required=False,
        show_if=any_of("home_help", "other"), max_length=100),
)  # fmt: skip
