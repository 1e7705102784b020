"""Rasa's command line without what Kratt never uses of it: `python -m assistant.engine.lean_rasa run ...`.

Rasa 3.6.21 imports TensorFlow before it looks what a model is made of; docs/adr/0015 says what that costs, and what
happens at an upgrade.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

LAZY = frozenset({"rasa.core.test", "rasa.utils.train_utils"})
"""Imported as modules at the top of what Kratt uses: read when something of them is asked for, which is never."""
DEFAULT_COMPONENTS = "rasa.engine.recipes.default_components"
"""Imports every component that Rasa has, before it looks one up by its name."""
RECIPE_CHECKS = "rasa.graph_components.validators.default_recipe_validator"
"""Names Rasa's components to tell which of them fit together; a model names it, too."""


class LazyFinder(MetaPathFinder):
    """Finds the modules of LAZY where they are, and puts off reading them."""

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        """The specification of one of these modules; None for all others, which are found as ever."""
        spec = PathFinder.find_spec(fullname, path) if fullname in LAZY else None  # type: ignore[arg-type]
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def lighten_rasa() -> None:
    """Keep out what is not used; to be called before anything of Rasa is imported."""
    sys.meta_path.insert(0, LazyFinder())
    few = ModuleType(DEFAULT_COMPONENTS)
    few.DEFAULT_COMPONENTS = []  # type: ignore[attr-defined]
    sys.modules[DEFAULT_COMPONENTS] = few
    from assistant.engine import recipe_checks  # noqa: PLC0415  # not before now

    sys.modules[RECIPE_CHECKS] = recipe_checks
    # spaCy's foundation asks which frameworks there are by importing them; a None here is a module that there is not.
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    import thinc.compat  # noqa: F401, PLC0415

    del sys.modules["tensorflow"]
    # Rasa's own that nlu_data/config.yml names register themselves when they are imported. Others have to be named
    # there by their modules, as Kratt's own are.
    from rasa.engine.recipes import default_recipe  # noqa: PLC0415  # not before now
    from rasa.nlu.classifiers import fallback_classifier  # noqa: F401, PLC0415

    from assistant.engine.components.kept_domain import KeptDomain  # noqa: PLC0415

    # What a recipe plans is named in the model: loading one needs no patch.
    default_recipe.DomainProvider = KeptDomain


def main() -> None:
    """Run the command."""
    lighten_rasa()
    from rasa.__main__ import main as run_rasa  # noqa: PLC0415

    run_rasa()


if __name__ == "__main__":
    main()
