"""Editions: a period's material becomes a newsletter or a digest. Pure, and the same every time."""

from importlib import import_module
from pkgutil import iter_modules

from shared.editions.registry import EDITIONS, compose

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["EDITIONS", "compose"]
