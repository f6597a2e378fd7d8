"""What a patient agrees to. Words for a practice to begin with: its own lawyer should read them once."""

from typing import Final

from backend.intake_forms.standard.writing import ask, options, section, when

CONTACT: Final = (
    "We may call, text or e-mail you about your visits, your forms and your bill. We keep health details out of texts. "
    "Messages are not always private: somebody who holds your phone may see them. Message and data rates may apply. "
    "You can stop texts at any time: reply STOP. You do not have to say yes to get care here.",
    "Podemos llamarle, enviarle mensajes de texto o correos sobre sus visitas, sus formularios y su factura. No ponemos "
    "datos de salud en los mensajes. Los mensajes no siempre son privados: quien tenga su teléfono puede verlos. Pueden "
    "aplicarse tarifas de mensajes y datos. Puede dejar de recibirlos cuando quiera: responda ALTO. No tiene que decir "
    "que sí para recibir atención aquí.",
)
PRIVACY: Final = (
    "Our Notice of Privacy Practices says how we may use and share your health information, and what your rights are. "
    "You can read it at our front desk and ask for a copy at any time. By checking this box you confirm that we "
    "offered you the notice. It does not mean that you agree with everything in it.",
    "Nuestro Aviso de Prácticas de Privacidad dice cómo podemos usar y compartir su información de salud y cuáles son "
    "sus derechos. Puede leerlo en nuestra recepción y pedir una copia cuando quiera. Al marcar esta casilla confirma "
    "que le ofrecimos el aviso. No significa que esté de acuerdo con todo lo que dice.",
)
TREATMENT: Final = (
    "I agree to be examined and treated by the therapists of this practice. They will tell me what they find, what "
    "they plan to do, what may help, what may go wrong, and what else I could do. Treatment may include exercise, "
    "hands-on work, heat, cold or electric stimulation. I may feel sore for a while. No result is promised. I can ask "
    "questions, say no to any part, and stop at any time.",
    "Acepto que los terapeutas de esta clínica me examinen y me traten. Me dirán qué encuentran, qué planean hacer, qué "
    "puede ayudar, qué puede salir mal y qué más puedo hacer. El tratamiento puede incluir ejercicio, trabajo con las "
    "manos, calor, frío o corriente eléctrica. Puedo sentir molestias por un tiempo. No se promete ningún resultado. "
    "Puedo hacer preguntas, decir que no a cualquier parte y parar cuando quiera.",
)
PAYMENT: Final = (
    "We send the bill to your insurance for you. I ask my insurance to pay this practice directly. I know that I must "
    "pay what my insurance does not: copays, the deductible, and visits it does not cover. Copays are due at each "
    "visit. What the practice tells me about my benefits comes from my insurance and is not a promise. If I cannot come, "
    "I will call at least 24 hours before. I will tell the practice when my insurance changes.",
    "Enviamos la factura a su seguro por usted. Pido a mi seguro que pague directamente a esta clínica. Sé que debo "
    "pagar lo que mi seguro no paga: copagos, el deducible y las visitas que no cubre. Los copagos se pagan en cada "
    "visita. Lo que la clínica me dice sobre mis beneficios viene de mi seguro y no es una promesa. Si no puedo venir, "
    "llamaré al menos 24 horas antes. Avisaré a la clínica cuando cambie mi seguro.",
)


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"en": pair[0], "es": pair[1]}


AGREEMENTS: Final = section(
    "agreements",
    ("Please read and agree", "Por favor lea y acepte"),
    ask("agreement", "privacy", ("Privacy notice", "Aviso de privacidad"), text=_both(PRIVACY)),
    ask("agreement", "treatment", ("Consent to treatment", "Consentimiento para el tratamiento"),
        text=_both(TREATMENT)),
    ask("agreement", "payment", ("Paying for your care", "Pago de su atención"), text=_both(PAYMENT)),
    ask("agreement", "contact", ("How we may reach you", "Cómo podemos comunicarnos con usted"), text=_both(CONTACT),
        required=False),
    ask("yes_no", "voicemail", ("May we leave details on your voicemail?",
        "¿Podemos dejar detalles en su buzón de voz?"), required=False),
    ask("short_text", "may_tell", ("Who may we talk to about your care?",
        "¿Con quién podemos hablar sobre su atención?"), required=False, max_length=300,
        help_=("Names of family or friends. Leave it empty for nobody.",
               "Nombres de familiares o amigos. Déjelo vacío si nadie.")),
)  # fmt: skip

SIGNATURE: Final = section(
    "signature",
    ("Sign", "Firme"),
    ask("choice", "signer", ("Who is signing?", "¿Quién firma?"), options=options(
        ("patient", "I am the patient", "Soy el paciente"),
        ("parent", "I am the patient's parent", "Soy padre o madre del paciente"),
        ("guardian", "I am allowed to sign for the patient", "Puedo firmar por el paciente"),
    )),
    ask("short_text", "signer_relation", ("What allows you to sign?", "¿Qué le permite firmar?"), max_length=200,
        show_if=when("signer", "guardian"), help_=("For example: power of attorney", "Por ejemplo: poder notarial")),
    ask("signature", "signature", ("Your signature", "Su firma"),
        help_=("It stands for all pages, and says that what you wrote is true as far as you know.",
               "Vale para todas las páginas y dice que lo que escribió es verdad hasta donde usted sabe.")),
)  # fmt: skip
