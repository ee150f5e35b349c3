"""What `config.toml` says, checked before hours are spent on it."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    model_validator,
)

from index.errors import BadSetting


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Start(_Part):
    """What training starts from."""

    encoder: str


class SetShare(_Part):
    """How much of one set is used; `negatives` and `near_misses` are shares of the questions."""

    questions: NonNegativeInt
    negatives: float = Field(ge=0, le=1)
    near_misses: float = Field(ge=0, le=1)


class Preparing(_Part):
    """How examples are made."""

    embedder: str
    ranks: PositiveInt
    titles: float = Field(ge=0, le=1)
    typos: float = Field(ge=0, le=1)
    keywords: float = Field(ge=0, le=1)
    shortest: PositiveInt
    longest: PositiveInt

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("shortest is above longest")
        return self


class Training(_Part):
    """How the model is trained."""

    steps: PositiveInt
    decay: float = Field(gt=0, le=1)
    tokens: PositiveInt
    rate: PositiveFloat
    head_rate: PositiveFloat
    warmup: PositiveInt
    weight_decay: float = Field(ge=0)
    passage_weight: float = Field(ge=0)
    freeze_after: NonNegativeInt = 0
    frozen_layers: NonNegativeInt = 0
    checkpoint: PositiveInt
    evaluate: PositiveInt
    dev_questions: PositiveInt


class Calibrating(_Part):
    """How the calibration is fitted."""

    sets: list[str] = Field(min_length=2)
    embedder: str
    contexts: PositiveInt
    questions: PositiveInt
    unanswerable: float = Field(gt=0, lt=1)


class Config(_Part):
    """The whole file. `config.toml` says what each value means."""

    seed: int
    start: Start
    sets: dict[str, SetShare]
    prepare: Preparing
    train: Training
    calibrate: Calibrating


def read_config(path: Path) -> Config:
    """Read a config.

    Raises:
        BadSetting: it cannot be read, or has a key too many, too few, or of a wrong value.
    """
    try:
        return Config.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise BadSetting(f"cannot read {path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        known = "compare training/config.toml"
        raise BadSetting(f"{path}: {where}: {first['msg']}; {known}") from error
    except ValueError as error:  # TOML's errors, and those of text that is not UTF-8
        raise BadSetting(f"{path} is not TOML: {error}") from error
