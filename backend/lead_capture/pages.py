"""The two small pages of the plain HTML form: thank you, and what to correct. No script, no look at anybody's data."""

from html import escape
from typing import Final

from fastapi.responses import HTMLResponse

WORDS: Final = {
    "en": {
        "thanks": "Thank you", "soon": "We have your request and will be in touch soon.",
        "wrong": "Please check your entries", "back": "Use your browser's Back button: what you typed is still there.",
        "emergency": "In an emergency, call 911.",
    },
    "es": {
        "thanks": "Gracias", "soon": "Recibimos su solicitud y le contactaremos pronto.",
        "wrong": "Revise sus datos", "back": "Use el botón Atrás de su navegador: lo que escribió sigue ahí.",
        "emergency": "En una emergencia, llame al 911.",
    },
}  # fmt: skip
FIELDS: Final = {
    "en": {"first_name": "First name", "last_name": "Last name", "phone": "Phone", "email": "E-mail",
           "dob": "Date of birth", "": "Phone or e-mail"},
    "es": {"first_name": "Nombre", "last_name": "Apellido", "phone": "Teléfono", "email": "Correo electrónico",
           "dob": "Fecha de nacimiento", "": "Teléfono o correo"},
}  # fmt: skip
STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center;color:#16252c;"
    "background:#f6f8f8}main{max-width:32rem;padding:2rem}h1{margin:0 0 .5rem}ul{padding-left:1.2rem}"
)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Robots-Tag": "noindex",
}


def thanks(practice: str, language: str) -> HTMLResponse:
    """After it was sent."""
    words = WORDS[language]
    return _page(language, words["thanks"], f"<p>{words['soon']}</p><p>{escape(practice)}</p>{_emergency(language)}")


def wrong(pointers: list[str], language: str) -> HTMLResponse:
    """What to correct, by name only."""
    words, names = WORDS[language], FIELDS[language]
    listed = "".join(f"<li>{names.get(pointer.strip('/'), escape(pointer.strip('/')))}</li>" for pointer in pointers)
    return _page(language, words["wrong"], f"<ul>{listed}</ul><p>{words['back']}</p>", 422)


def _emergency(language: str) -> str:
    return f"<p><small>{WORDS[language]['emergency']}</small></p>"


def _page(language: str, title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width='
        f'device-width,initial-scale=1"><title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>{body}</main>'
    )
    return HTMLResponse(page, status, HEADERS)
