"""Load a library's module when something in it is first asked for, and not when it is imported."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Unread(ModuleType):
    """Stands for a module that nobody has asked anything yet.

    importlib's own LazyLoader loads a module at its second import, since that asks for the module's ``__spec__``.
    """

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def load_when_used(name: str) -> None:
    """Let the imports of a module cost nothing, until an attribute of it is asked for."""
    sys.modules.setdefault(name, _Unread(name))
