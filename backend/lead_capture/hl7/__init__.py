"""HL7 v2 of the EMR: a message is in the inbox before it is acknowledged, and understood afterwards, in order."""
