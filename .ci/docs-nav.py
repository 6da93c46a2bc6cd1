"""Writes mkdocs.yml with a nav of every page that there is: by folder, and in it first those that ORDER names.

Usage: docs-nav.py FOLDER MKDOCS_YML OUTPUT
"""

import json
import pathlib
import re
import sys

SECTIONS = [
    ("Start", ["docs/start"]),
    ("How-to", ["docs/how-to", "examples"]),
    ("Runbooks", ["dist", "dist/runbooks"]),
    ("Reference", ["docs/reference"]),
    ("Explanation", ["docs/explanation", "."]),
    ("Decisions", ["docs/decisions"]),
]
ORDER = [
    "overview.md", "ten-minutes.md", "first-failover.md",
    "README-postgresql.md", "alerts.md", "primary-gone.md", "split-brain.md", "standby-broken.md", "storage-full.md",
    "slow-database.md", "connections-exhausted.md", "corruption.md", "restore.md",
    "keys.md", "pgha.md", "scripts.md", "objects.md",
]


def title(page: pathlib.Path) -> str:
    heading = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    if heading is None:
        sys.exit(f"{page}: has no title, a line that begins with '# '")
    return heading.group(1).replace("`", "")


def place(page: pathlib.Path) -> tuple[int, str]:
    return (ORDER.index(page.name) if page.name in ORDER else len(ORDER), page.name)


def main() -> None:
    folder, base, output = (pathlib.Path(argument) for argument in sys.argv[1:])
    nav, listed = [{"Home": "README.md"}], {"README.md"}
    for section, folders in SECTIONS:
        pages = []
        for name in folders:
            for page in sorted((folder / name).glob("*.md"), key=place):
                path = page.relative_to(folder).as_posix()
                if path not in listed:
                    listed.add(path)
                    pages.append({title(page): path})
        nav.append({section: pages})
    missing = {page.relative_to(folder).as_posix() for page in folder.rglob("*.md")} - listed
    if missing - {page for page in missing if page.startswith("examples/")}:
        sys.exit(f"pages in no section: {sorted(missing)}")
    text = base.read_text(encoding="utf-8")
    output.write_text(f"{text}\ndocs_dir: site-source\nnav: {json.dumps(nav, ensure_ascii=False)}\n", encoding="utf-8")


main()
