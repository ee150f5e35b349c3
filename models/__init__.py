"""The weights that the project trained and ships. Each has a folder, and a model card in it."""

from pathlib import Path

READER = Path(__file__).parent / "reader"
"""The reader that answers unless another is named."""
