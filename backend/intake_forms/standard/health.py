"""The patient's health: conditions, warning signs, falls, medicines, allergies."""

from typing import Final

from backend.intake_forms.standard.writing import any_of, ask, options, section, when

HEALTH: Final = section(
    "health",
    ("Your health", "Su salud"),
    ask("multi_choice", "conditions", ("Do you have, or did you ever have, any of these?",
        "¿Tiene o ha tenido alguna vez algo de esto?"), options=options(
        ("heart", "Heart problem", "Problema del corazón"), ("pressure", "High blood pressure", "Presión alta"),
        ("stroke", "Stroke", "Derrame cerebral"), ("diabetes", "Diabetes", "Diabetes"),
        ("lungs", "Asthma or lung problem", "Asma o problema de los pulmones"), ("cancer", "Cancer", "Cáncer"),
        ("bones", "Thin bones (osteoporosis)", "Huesos débiles (osteoporosis)"), ("arthritis", "Arthritis", "Artritis"),
        ("fracture", "Broken bone", "Hueso roto"), ("seizures", "Seizures", "Convulsiones"),
        ("clots", "Blood clots", "Coágulos de sangre"), ("kidney", "Kidney problem", "Problema de los riñones"),
        ("mood", "Depression or anxiety", "Depresión o ansiedad"),
        ("joint", "Artificial joint or metal implant", "Prótesis o implante de metal"),
        ("pacemaker", "Pacemaker", "Marcapasos"), ("other", "Something else", "Otra cosa"),
        ("none", "None of these", "Nada de esto"), alone="none",
    )),
    ask("short_text", "conditions_other", ("What else?", "¿Qué más?"), show_if=when("conditions", "other", "contains"),
        max_length=500),
    ask("long_text", "conditions_more", ("Anything we should know about these?", "¿Algo que debamos saber sobre esto?"),
        required=False, max_length=1000),
    ask("yes_no", "surgeries", ("Have you had any surgery?", "¿Ha tenido alguna cirugía?")),
    ask("long_text", "surgeries_which", ("Which, and when?", "¿Cuáles y cuándo?"), show_if=when("surgeries", True),
        max_length=1000),
    ask("multi_choice", "warning_signs", ("In the last 3 months, did you have any of these?",
        "En los últimos 3 meses, ¿tuvo algo de esto?"), options=options(
        ("weight", "Lost weight without trying", "Bajó de peso sin querer"),
        ("fever", "Fever, chills or night sweats", "Fiebre, escalofríos o sudor de noche"),
        ("night_pain", "Strong pain at night that rest does not help",
         "Dolor fuerte de noche que no mejora al descansar"),
        ("bladder", "Trouble holding urine or stool that is new", "Problema nuevo para aguantar la orina o ir al baño"),
        ("saddle", "Numbness between the legs", "Adormecimiento entre las piernas"),
        ("weakness", "Sudden weakness in an arm or leg", "Debilidad repentina en un brazo o una pierna"),
        ("chest", "Chest pain or trouble breathing", "Dolor de pecho o dificultad para respirar"),
        ("fainting", "Fainting", "Desmayo"), ("none", "None of these", "Nada de esto"), alone="none", alert=True,
    ), help_=("If one of these is happening right now and is bad, call 911.",
              "Si algo de esto le pasa ahora y es fuerte, llame al 911.")),
    ask("yes_no", "fell", ("Have you fallen in the last 12 months?", "¿Se ha caído en los últimos 12 meses?")),
    ask("number", "falls", ("How many times?", "¿Cuántas veces?"), least=1, most=100, show_if=when("fell", True)),
    ask("yes_no", "fall_hurt", ("Were you hurt?", "¿Se lastimó?"), show_if=when("fell", True)),
    ask("yes_no", "fall_fear", ("Are you afraid of falling?", "¿Tiene miedo de caerse?"), required=False),
    ask("choice", "pregnant", ("Are you pregnant?", "¿Está embarazada?"), show_if=any_of("sex", "f", "x"),
        required=False, options=options(("no", "No", "No"), ("yes", "Yes", "Sí"), ("maybe", "Maybe", "Tal vez"))),
    ask("choice", "tobacco", ("Do you smoke or use tobacco?", "¿Fuma o usa tabaco?"), required=False, options=options(
        ("no", "No", "No"), ("before", "I used to", "Antes sí"), ("yes", "Yes", "Sí"))),
)  # fmt: skip

MEDICINES: Final = section(
    "medicines",
    ("Medicines and allergies", "Medicinas y alergias"),
    ask("medications", "medicines", ("Which medicines do you take?", "¿Qué medicinas toma?"),
        help_=("Also vitamins and what you buy without a prescription.",
               "También vitaminas y lo que compra sin receta.")),
    ask("yes_no", "thinners", ("Do you take a blood thinner?", "¿Toma un anticoagulante?"),
        help_=("For example warfarin, Eliquis or Xarelto", "Por ejemplo warfarina, Eliquis o Xarelto")),
    ask("multi_choice", "allergies", ("What are you allergic to?", "¿A qué tiene alergia?"), options=options(
        ("latex", "Latex", "Látex"), ("tape", "Tape or glue", "Cinta adhesiva o pegamento"),
        ("medicine", "A medicine", "Una medicina"), ("food", "A food", "Un alimento"),
        ("other", "Something else", "Otra cosa"), ("none", "Nothing", "Nada"), alone="none",
    )),
    ask("short_text", "allergies_which", ("Which, and what happens?", "¿Cuál y qué le pasa?"), max_length=500,
        show_if={"match": "any", "rules": [
            {"question": "allergies", "op": "contains", "value": name} for name in ("medicine", "food", "other")
        ]}),
)  # fmt: skip
