"""The committed client must be what the generator makes of openapi/openapi.json."""

import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

import web

CLIENT = web.ROOT / "frontend" / "src" / "api" / "generated"


def main() -> None:
    """Generate beside, compare, put the committed one back."""
    with tempfile.TemporaryDirectory() as kept:
        before = Path(kept) / "generated"
        shutil.copytree(CLIENT, before)
        web.npm("run", "--silent", "client")
        changed = _differences(filecmp.dircmp(before, CLIENT))
        shutil.rmtree(CLIENT)
        shutil.copytree(before, CLIENT)
    if changed:
        sys.exit("The web app's client is out of date; run `make openapi`:\n  " + "\n  ".join(changed))


def _differences(compared: "filecmp.dircmp[str]") -> list[str]:
    found = [*compared.left_only, *compared.right_only]
    _, mismatched, broken = filecmp.cmpfiles(compared.left, compared.right, compared.common_files, shallow=False)
    for below in compared.subdirs.values():
        found += _differences(below)
    return found + mismatched + broken


if __name__ == "__main__":
    main()
