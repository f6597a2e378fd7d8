"""What the EMR says of visits and appointments, by file or HL7: whose, of which episode, written once."""
