"""The kinds of values that keys of the configuration hold, and the sentence for each that does not fit."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

EMAIL = r"^[^@\s<>\"(),:;\x00-\x1f\x7f]+@[^@\s<>\"(),:;\x00-\x1f\x7f]+$"
LANGUAGE = r"^[a-z]{2}$"
KEY = r"^[a-z0-9_-]+$"
PREFIX = r"^[A-Za-z]{1,8}$"
ONE_LINE = r"^[^\x00-\x1f\x7f\x85\u2028\u2029]+$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"

Email = Annotated[str, StringConstraints(pattern=EMAIL, to_lower=True)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Prefix = Annotated[str, StringConstraints(pattern=PREFIX)]
Line = Annotated[str, StringConstraints(pattern=ONE_LINE)]
Folded = Annotated[str, StringConstraints(pattern=ONE_LINE, to_lower=True)]
Variable = Annotated[str, StringConstraints(pattern=VARIABLE)]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=0)]

# What is wrong with a value, and how to mend it, by the pattern that it does not match.
PATTERNS = {
    EMAIL: ("is no e-mail address.", 'Write one such as "support@company.example", without a name.'),
    LANGUAGE: ("is no language code.", 'Write two small letters (ISO 639-1) such as "en" or "hu".'),
    KEY: ("is no key.", "Use small letters a to z, digits, _ and - only."),
    PREFIX: ("must be one to eight letters a to z.", 'Write for example "HD".'),
    ONE_LINE: ("must be one line of text.", "Write at least one letter, without line ends and control characters."),
    VARIABLE: (
        "must be the name of an environment variable.",
        "Write the name of the variable here, never the password.",
    ),
}


class Section(BaseModel):
    """A table of the TOML files: nothing unknown in it, nothing changes it later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, ignored_types=(cached_property,))
