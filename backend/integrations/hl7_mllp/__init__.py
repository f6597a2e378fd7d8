"""HL7 v2 (2.1 to 2.8) over MLLP: `reading` understands messages, `server` speaks the protocol."""
