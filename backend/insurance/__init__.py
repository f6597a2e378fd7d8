"""What pays for the care: coverages, payers, the verification of benefits, authorizations, asking a clearinghouse."""
