"""Settings, read once from the environment: where the archive is, who records, and where proofs go."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_URL = "sqlite:///chronicle.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """`url` is a database URL (CHRONICLE_DB), `recorded_by` names who appends (CHRONICLE_RECORDED_BY, or the login).

    `proof` is the folder of checkpoints and keys (CHRONICLE_PROOF); None for the one that goes with the database.
    """

    url: str
    recorded_by: str
    proof: Path | None


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process."""
    return Settings(
        url=environment.get("CHRONICLE_DB") or DEFAULT_URL,
        recorded_by=environment.get("CHRONICLE_RECORDED_BY") or _login(),
        proof=Path(proof).absolute() if (proof := environment.get("CHRONICLE_PROOF")) else None,
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid-{os.getuid()}"
