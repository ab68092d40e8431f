"""Copies the few front-end files that the pages use, with their licences, from node_modules to static/vendor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "zhenggai" / "web" / "static" / "vendor"

FILES = {
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE.txt"},
    "echarts": {
        "dist/echarts.min.js": "echarts.min.js",
        "LICENSE": "echarts.LICENSE.txt",
        "NOTICE": "echarts.NOTICE.txt",
    },
}


def main() -> None:
    """Copy the files, and write down the versions and licences."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    stated = {}
    for package, files in FILES.items():
        declared = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
        stated[package] = {
            "version": declared["version"],
            "license": declared["license"],
            "files": sorted(files.values()),
        }
        for source, target in files.items():
            shutil.copyfile(MODULES / package / source, VENDOR / target)
    (VENDOR / "versions.json").write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
