"""Check an exported trail without Zhenggai: python verify_trail.py trail.jsonl [sequence:hash, noted elsewhere]

Needs trail.jsonl.manifest.json beside it, and nothing but Python's standard library (docs/audit.md).
"""

import hashlib
import json
import sys
from pathlib import Path

trail = Path(sys.argv[1])
noted = sys.argv[2] if len(sys.argv) > 2 else ""
manifest = json.loads(trail.with_name(trail.name + ".manifest.json").read_text(encoding="utf-8"))
faults, seen, previous, number, count = [], set(), "", 0, 0
for line in trail.read_bytes().splitlines():
    entry = json.loads(line)
    stated, sequence, count = entry.pop("hash"), entry["sequence"], count + 1
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(canonical.encode()).hexdigest() != stated:
        faults.append(f"entry {sequence}: its content does not fit its hash, so it was altered")
    if sequence != number + 1:
        faults.append(f"entry {sequence}: it follows entry {number}, so entries were removed or reordered")
    elif entry["previous_hash"] != previous:
        faults.append(f"entry {sequence}: it is not chained to the entry before, so that one was replaced")
    previous, number = stated, sequence
    seen.add(f"{sequence}:{stated}")
if (count, f"{number}:{previous}") != (manifest["entries"], manifest["head"]):
    faults.append(f"the end: {count} entries up to {number}, but the manifest ends with {manifest['head']}")
if hashlib.sha256(trail.read_bytes()).hexdigest() != manifest["sha256"]:
    faults.append("the file: these are not the bytes that were exported")
if noted and noted not in seen:
    faults.append(f"the noted entry {noted} is not there, so the trail was rewritten")
print("\n".join(faults) or f"whole: {count} entries, the last one {number}:{previous}")
sys.exit(1 if faults else 0)
