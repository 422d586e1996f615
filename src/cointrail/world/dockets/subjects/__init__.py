"""One subject of the course a module: `make(source)` gives the papers and facts of one docket.

A module may also have `make_shared(files)`: papers that are the same in every docket, such as the law. The facts of a
subject land in the docket's truth under the module's name; a subject reads another one's by `source.facts(name)`.
"""

import importlib
import pkgutil

__all__ = ["subject", "subject_names"]


def subject_names() -> list[str]:
    """All subjects, in order of name."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def subject(name: str):
    """The module of a subject."""
    return importlib.import_module(f"{__name__}.{name}")
