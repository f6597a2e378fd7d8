"""An emulated eligibility clearinghouse with its payers: reads a 270, answers a 271. Nothing in it is true."""
