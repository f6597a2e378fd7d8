"""Parse the command line and run one command."""

import argparse
import sys
from collections.abc import Callable

from backend.cli import demo, openapi_document, operating, people, registry, running, sending

COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int], str]] = {
    "run": (running.no_options, running.run, "everything at once, with embedded servers where none are configured"),
    "api": (running.no_options, running.api, "the HTTP process"),
    "worker": (running.worker_options, running.worker, "work on one queue of jobs"),
    "migrate": (running.no_options, running.migrate, "bring the database to the newest version"),
    "create-practice": (people.practice_options, people.create_practice, "make a practice with a first location"),
    "create-user": (people.user_options, people.create_user, "make a person who can sign in"),
    "create-api-key": (people.key_options, people.create_api_key, "make an API key; it is shown once"),
    "seed-demo": (demo.no_options, demo.seed_demo, "make the demo practice"),
    "send-fax": (sending.options, sending.send_fax, "send a file through a carrier of the running sandbox"),
    "import-nppes": (registry.options, registry.import_nppes, "fill the list of NPIs from the public NPPES file"),
    "replay": (operating.replay_options, operating.replay, "run dead jobs or a provider event again"),
    "doctor": (operating.doctor_options, operating.doctor, "check that the promises hold"),
    "export-openapi": (openapi_document.options, openapi_document.export, "write openapi/openapi.json"),
}


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="frontdesk")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (add_options, _, about) in COMMANDS.items():
        add_options(commands.add_parser(name, help=about, description=about))
    chosen = parser.parse_args()
    return COMMANDS[chosen.command][1](chosen)


if __name__ == "__main__":
    sys.exit(main())
