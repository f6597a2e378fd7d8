"""Upload, look at and fetch again the pictures and files of texts; and the address carriers fetch ours from."""

import hashlib
import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, File, Header, Path, Response, UploadFile
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.core import documents, idempotency
from backend.core.actor import Actor
from backend.core.clock import now
from backend.core.database import practice_of
from backend.core.problems import Invalid, NotFound, TooLarge
from backend.identity.access import Allowed, Context, Transaction, transaction_of
from backend.identity.queries import practice_key
from backend.messaging import attachments, queries, service
from backend.messaging.attachment_models import Attachment, MediaLink
from backend.messaging.file_kinds import SENDABLE, SHOWABLE, file_name, sniff
from backend.messaging.models import Conversation, Message
from backend.messaging.schemas import AttachmentOut
from backend.messaging.states import IN_FLIGHT

router = APIRouter(prefix="/api/v1", tags=["messages"])
public = APIRouter(tags=["webhooks"])
Reader = Annotated[Actor, Depends(Allowed("messages:read"))]
Writer = Annotated[Actor, Depends(Allowed("messages:write"))]
SEALED_OFF = {
    "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
PRIVATE = {"Cache-Control": "private, no-store", **SEALED_OFF}
NO_LINK = "There is nothing at this address."


@router.post(
    "/conversations/{conversation_id}/attachments", operation_id="uploadAttachment", summary="Upload a file to send",
    status_code=201,
)  # fmt: skip
async def upload_attachment(
    conversation_id: uuid.UUID, context: Context, caller: Writer,
    file: Annotated[UploadFile, File(description="JPEG, PNG, GIF, PDF or vCard, at most 5 MB")],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> AttachmentOut:  # fmt: skip
    """Then name it in a text's `attachment_ids`."""
    async with transaction_of(context, caller) as session:
        await service.locked(session, conversation_id, "messages:write")
        key = await practice_key(session, context)
    data, content_type = await _sendable(file)
    stored = await context.documents.put(caller.practice_id, key, data, content_type)
    asked = conversation_id.bytes + hashlib.sha256(data).digest()
    async with transaction_of(context, caller) as session:
        upload = partial(attachments.upload, session, conversation_id, stored)
        attachment_id, _ = await idempotency.once(session, caller.id, idempotency_key, asked, upload)
        people = await _people(session, conversation_id)
        await audit.record(session, "attachment.uploaded", f"attachment:{attachment_id}", people)
        return attachments.out(await session.get_one(Attachment, (caller.practice_id, attachment_id)))


async def _sendable(file: UploadFile) -> tuple[bytes, str]:
    data = await file.read(attachments.MOST_BYTES + 1)
    if len(data) > attachments.MOST_BYTES:
        raise TooLarge("A text takes at most 5 MB. Make the picture smaller.")
    content_type = sniff(data)
    if content_type not in SENDABLE:
        raise Invalid("Choose a JPEG, PNG, GIF, PDF or vCard file.", errors=[("/file", "not a kind that can be sent")])
    return data, content_type


@router.get(
    "/messages/{message_id}/attachments/{attachment_id}", operation_id="getAttachment",
    summary="A picture or file of a text", response_class=Response,
)  # fmt: skip
async def get_attachment(message_id: uuid.UUID, attachment_id: uuid.UUID, caller: Reader, context: Context) -> Response:
    """As its bytes say what it is. Pictures and PDF may be shown; everything else is a download."""
    async with transaction_of(context, caller) as session:
        attachment = await _of_message(session, message_id, attachment_id)
        if attachment.document_id is None:
            raise NotFound("This attachment has not arrived.")
        document = await documents.load(session, attachment.document_id)
        key = await practice_key(session, context)
        people = await _people(session, attachment.conversation_id)
        await audit.record(session, "attachment.viewed", f"attachment:{attachment_id}", people)
    kind = document.content_type
    place = "inline" if kind in SHOWABLE else "attachment"
    disposition = f'{place}; filename="{file_name(kind, attachment.position)}"'
    data = await context.documents.get(document, key)
    return Response(data, media_type=kind, headers={**PRIVATE, "Content-Disposition": disposition})


@router.post(
    "/messages/{message_id}/attachments/{attachment_id}/retry", operation_id="retryAttachment",
    summary="Fetch a failed attachment again",
)  # fmt: skip
async def retry_attachment(
    message_id: uuid.UUID, attachment_id: uuid.UUID, _: Writer, session: Transaction
) -> AttachmentOut:
    """409 unless it failed."""
    message = await _message(session, message_id)
    conversation = await service.locked(session, message.conversation_id, "messages:write")
    attachment = await attachments.one(session, message_id, attachment_id, lock=True)
    await attachments.again(session, attachment)
    service.touch(session, conversation, new=False)
    people = await _people(session, conversation.id)
    await audit.record(session, "attachment.retried", f"attachment:{attachment_id}", people)
    return attachments.out(attachment)


async def _message(session: AsyncSession, message_id: uuid.UUID) -> Message:
    message = await session.get(Message, (practice_of(session), message_id))
    if message is None:
        raise NotFound("There is no such message in this practice.")
    return message


async def _of_message(session: AsyncSession, message_id: uuid.UUID, attachment_id: uuid.UUID) -> Attachment:
    message = await _message(session, message_id)
    await queries.one(session, message.conversation_id)  # 404 at another clinic
    return await attachments.one(session, message_id, attachment_id, lock=False)


async def _people(session: AsyncSession, conversation_id: uuid.UUID) -> list[uuid.UUID]:
    conversation = await session.get_one(Conversation, (practice_of(session), conversation_id))
    return [person.patient_id for shown in await queries.shown(session, [conversation]) for person in shown.people]


@public.head("/media/{token}", include_in_schema=False)
@public.get(
    "/media/{token}", operation_id="getLinkedMedia", summary="A file a carrier fetches for a text",
    response_class=Response,
)  # fmt: skip
async def get_linked_media(token: Annotated[str, Path(max_length=64)], context: Context) -> Response:
    """For the carrier, while the text is on its way. The address is pure chance; reading it changes nothing."""
    async with context.database.system() as session:
        link = await session.scalar(select(MediaLink).where(MediaLink.token_hash == attachments.hash_of(token)))
    if link is None or link.expires_at < now():
        raise NotFound(NO_LINK)
    async with context.database.transaction(link.practice_id) as session:
        attachment = await session.get_one(Attachment, (link.practice_id, link.attachment_id))
        message = (
            await session.get(Message, (link.practice_id, attachment.message_id)) if attachment.message_id else None
        )
        if message is None or attachment.document_id is None or message.status not in IN_FLIGHT:
            raise NotFound(NO_LINK)
        document = await documents.load(session, attachment.document_id)
        key = await practice_key(session, context)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", **SEALED_OFF}
    return Response(await context.documents.get(document, key), media_type=document.content_type, headers=headers)
