"""The text with other times also brings the link to all of them, where a practice has not written its own."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_3102"
down_revision = "20261128_3101"

BODIES = {
    "other_times": (
        "{practice}: other times for your visit: {slots}. Reply with the number to move it there, or call {clinic_phone}. Until then it stays {when}.",
        "{practice}: other times for your visit: {slots}. Reply with the number to move it there, or see all times: {reschedule_link} Or call {clinic_phone}. Until then it stays {when}.",
    ),
    "other_times_es": (
        "{practice}: otras horas para su visita: {slots}. Responda con el numero para cambiarla, o llame al {clinic_phone}. Por ahora sigue {when}.",
        "{practice}: otras horas para su visita: {slots}. Responda con el numero para cambiarla, o vea todas: {reschedule_link} O llame al {clinic_phone}. Por ahora sigue {when}.",
    ),
}  # fmt: skip


def upgrade() -> None:
    _replace({key: (old, new) for key, (old, new) in BODIES.items()})


def downgrade() -> None:
    _replace({key: (new, old) for key, (old, new) in BODIES.items()})


def _replace(bodies: dict[str, tuple[str, str]]) -> None:
    op.execute("ALTER TABLE message_templates NO FORCE ROW LEVEL SECURITY")
    for key, (old, new) in bodies.items():
        statement = sa.text("UPDATE message_templates SET body = :new WHERE key = :key AND body = :old")
        op.execute(statement.bindparams(key=key, old=old, new=new))
    op.execute("ALTER TABLE message_templates FORCE ROW LEVEL SECURITY")
