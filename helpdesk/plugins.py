"""Finds the files of a room: one file is one filter, command, guard, report, job or shell command."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType, ModuleType


@cache
def find(package: str) -> Mapping[str, ModuleType]:
    """The modules of a package by name, in alphabetical order; names that begin with ``_`` are helpers and left out."""
    room = importlib.import_module(package)
    names = sorted(info.name for info in pkgutil.iter_modules(room.__path__) if not info.name.startswith("_"))
    return MappingProxyType({name: importlib.import_module(f"{package}.{name}") for name in names})


def sentence(module: ModuleType) -> str:
    """The first line of a module's docstring: what the lists print about it."""
    return (inspect.getdoc(module) or "").partition("\n")[0]


def data(name: str) -> Path:
    """``templates``, ``config``, ``migrations`` or ``helpdesk.toml``: of the wheel, else of the checkout."""
    packed = Path(str(files("helpdesk"))) / "_data" / name
    return packed if packed.exists() else Path(__file__).resolve().parent.parent / name
