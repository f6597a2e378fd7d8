"""The link to a form as a code that a phone reads off the desk's screen."""

from io import BytesIO

import segno
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.context import ProcessContext
from backend.identity.queries import practice_key
from backend.intake_forms import preparing
from backend.intake_forms.models import Intake
from backend.intake_forms.schemas import QrOut
from backend.patient_links import marks
from backend.patient_links import service as links


async def fresh(session: AsyncSession, context: ProcessContext, intake: Intake) -> QrOut:
    """A new link, its address and its code."""
    link = await preparing.new_link(session, intake)
    tokens = await links.tokens(session, [link.id], await practice_key(session, context))
    url = marks.address(context.settings.base_url, tokens[link.id])
    return QrOut(url=url, svg=drawn(url), expires_at=link.expires_at)


def drawn(url: str) -> str:
    """The code as SVG; forgiving of a glare on the screen."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=6, border=3, xmldecl=False, svgns=True)
    return out.getvalue().decode()
