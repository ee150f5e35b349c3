"""Fuzz one format with atheris, which looks for bytes that take new ways through the code.

    pip install --group fuzz .
    python -m tests.fuzz.fuzz_loaders SUFFIX CORPUS [libFuzzer's options]
    python -m tests.fuzz.fuzz_loaders .md /tmp/md -max_total_time=300

CORPUS is a folder for what it has found interesting, begun with the real files of that suffix; it
goes on from there the next time. What breaks a loader, or takes ten seconds, is kept in
`found/SUFFIX`, and `test_loaders.py` reads it ever after.
"""

import importlib
import shutil
import sys
from pathlib import Path

atheris = importlib.import_module("atheris")  # it is not there when types are checked
HERE = Path(__file__).parent
FILES = HERE.parent / "index" / "files"
INSTRUMENTED = """index csv docx email feedparser json markdown_it tarfile trafilatura yaml
    zipfile""".split()


def main() -> None:
    suffix, corpus = sys.argv[1], Path(sys.argv[2])
    seeds = [path for path in FILES.iterdir() if path.name.endswith(suffix)]
    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.soundness import SUFFIXES, read

        for path in seeds:  # what a loader needs is imported when it is needed
            read(suffix, path.read_bytes())
    if suffix not in SUFFIXES:
        raise SystemExit(f"nothing reads {suffix}; there are {' '.join(SUFFIXES)}")
    corpus.mkdir(parents=True, exist_ok=True)
    for path in seeds:
        shutil.copy(path, corpus)
    found = HERE / "found" / suffix.removeprefix(".")
    found.mkdir(parents=True, exist_ok=True)
    options = [f"-artifact_prefix={found}/", "-timeout=10", "-max_len=65536", *sys.argv[3:]]
    atheris.Setup([sys.argv[0], str(corpus), *options], lambda content: read(suffix, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
