"""What the emulated Twilio remembers, in memory and in a folder: every change is one line, the last one counts."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.sandbox.carriers.twilio.texts import Media, Text

TIMES = ("at", "sent_at", "send_at")


class Memory:
    """Texts, their media, the carrier's own answers, and who said STOP. Without a folder it ends with the process."""

    def __init__(self, folder: Path | None) -> None:
        self.texts: dict[str, Text] = {}
        self.answers: list[Text] = []
        self.media: dict[str, Media] = {}
        # Of everything that ever came or went: a phone keeps what the API has deleted.
        self.types: dict[str, str] = {}
        self.stopped: set[str] = set()
        self._bytes: dict[str, bytes] = {}
        self._folder = folder / "twilio" if folder else None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._load()

    def save(self, text: Text) -> None:
        """A text is new or changed."""
        self.texts[text.sid] = text
        self._write("text", asdict(text))

    def answer(self, text: Text) -> None:
        """The carrier itself answered STOP, START or HELP."""
        self.answers.append(text)
        self._write("answer", asdict(text))

    def keep(self, media: Media, data: bytes) -> None:
        """A picture or file."""
        if self._folder:
            (self._folder / f"{media.sid}.bin").write_bytes(data)
        else:
            self._bytes[media.sid] = data
        self._know(media)
        self._write("media", asdict(media))

    def read(self, sid: str) -> bytes:
        """The bytes of one."""
        return (self._folder / f"{sid}.bin").read_bytes() if self._folder else self._bytes[sid]

    def drop_media(self, sid: str) -> None:
        """The API no longer has it; the phone it came from or went to still does."""
        del self.media[sid]
        self._write("no_media", {"sid": sid})

    def drop_text(self, sid: str) -> None:
        """Deleted at the API."""
        del self.texts[sid]
        self._write("no_text", {"sid": sid})

    def stop(self, number: str, stopped: bool) -> None:
        """STOP or START."""
        (self.stopped.add if stopped else self.stopped.discard)(number)
        self._write("stop", {"number": number, "stopped": stopped})

    def _write(self, kind: str, facts: dict[str, Any]) -> None:
        if self._folder:
            with (self._folder / "log.jsonl").open("a") as log:
                log.write(json.dumps({"kind": kind, **facts}, default=str) + "\n")

    def _know(self, media: Media) -> None:
        self.media[media.sid], self.types[media.sid] = media, media.content_type

    def _load(self) -> None:
        assert self._folder is not None
        log = self._folder / "log.jsonl"
        do: dict[str, Callable[[dict[str, Any]], Any]] = {
            "text": lambda row: self.texts.__setitem__(row["sid"], Text(**row)),
            "answer": lambda row: self.answers.append(Text(**row)),
            "media": lambda row: self._know(Media(**row)),
            "no_media": lambda row: self.media.pop(row["sid"], None),
            "no_text": lambda row: self.texts.pop(row["sid"], None),
            "stop": lambda row: (self.stopped.add if row["stopped"] else self.stopped.discard)(row["number"]),
        }
        for line in log.read_text().splitlines() if log.exists() else ():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # cut off by a crash
            kind = row.pop("kind")
            for name in TIMES:
                if row.get(name):
                    row[name] = datetime.fromisoformat(row[name])
            do[kind](row)
