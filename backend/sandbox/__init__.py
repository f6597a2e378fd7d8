"""Carriers played on this machine: stateful emulators of the fax providers, for tests, the demo and newcomers.

Production refuses to start with it. Nobody outside can reach it: it is mounted only when FRONTDESK_SANDBOX is set.
"""
