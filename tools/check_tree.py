"""Checks of the tree no linter makes: file sizes, registry addresses, machine paths, dead links in documents."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = {".py": 400, ".ts": 250, ".tsx": 250}
GENERATED = ("frontend/src/api/generated/",)
# Assembled, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(["pypi" + r"\.org", "files" + r"\.pythonhosted", "registry" + r"\.npmjs", "/ro" + "ot/"])
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def problems(path: Path, text: str) -> list[str]:
    """What is wrong with one file."""
    name = str(path)
    found = []
    most = MOST_LINES.get(path.suffix)
    if most and not name.startswith(GENERATED) and text.count("\n") > most:
        found.append(f"{name}: more than {most} lines")
    if FORBIDDEN.search(text):
        found.append(f"{name}: names a package registry or a path of one machine")
    if path.suffix == ".md":
        links = LINK.findall(text)
        found += [f"{name}: dead link {link}" for link in links if not (ROOT / path.parent / link).exists()]
    return found


def main() -> None:
    """Exit 1 and name the files when anything is wrong."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: list[str] = []
    for name in listed.splitlines():
        file = ROOT / name
        try:
            found += problems(Path(name), file.read_text())
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
