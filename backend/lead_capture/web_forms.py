"""The practice's form for websites: its settings, and which sites may use it."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.database import Database, practice_of
from backend.core.problems import StaleVersion
from backend.identity import queries as identity
from backend.identity.models import Practice
from backend.lead_capture.models import WebForm
from backend.lead_capture.schemas import WebFormIn

CONSENT_EN: Final = (
    "I agree to receive text messages from {practice} about my appointments and care at the number above. Message "
    "frequency varies. Message and data rates may apply. Reply STOP to stop, HELP for help. Agreeing is not a "
    "condition of treatment."
)
CONSENT_ES: Final = (
    "Acepto recibir mensajes de texto de {practice} sobre mis citas y mi atención en el número indicado. La frecuencia "
    "varía. Pueden aplicarse tarifas de mensajes y datos. Responda ALTO para dejar de recibirlos, AYUDA para ayuda. "
    "Aceptar no es condición para recibir tratamiento."
)


async def of_practice(session: AsyncSession) -> WebForm:
    """The practice's form, or (`version` 0) one that no website may use yet."""
    found = await session.get(WebForm, practice_of(session))
    if found is not None:
        return found
    name = (await identity.practice(session)).name
    return WebForm(
        practice_id=practice_of(session), active=True, allowed_origins=[], thanks_url=None, per_hour=60, version=0,
        consent_en=CONSENT_EN.format(practice=name), consent_es=CONSENT_ES.format(practice=name),
    )  # fmt: skip


async def change(session: AsyncSession, body: WebFormIn) -> WebForm:
    """Raises `StaleVersion`."""
    form = await of_practice(session)
    if form.version != body.version:
        raise StaleVersion(form.version)
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(form, name, value)
    form.allowed_origins = list(dict.fromkeys(body.allowed_origins))
    form.version = body.version + 1
    session.add(form)
    await session.flush()
    return form


async def practice_named(database: Database, slug: str) -> Practice | None:
    """The practice whose form this is; asked before there is a tenant."""
    async with database.system() as session:
        return await session.scalar(select(Practice).where(Practice.slug == slug))
