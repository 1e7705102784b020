"""Runs Rasa's graph of components as a loop (docs/adr/0016)."""

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner

Steps = tuple[tuple[str, tuple[str, ...]], ...]
"""Nodes in an order in which each comes after those that it needs, with the names of what it needs."""


class LoopGraphRunner(DaskGraphRunner):
    """As Rasa's own, which plans and schedules anew at each run; here the order of the nodes is found once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the nodes, as Rasa's own does."""
        super().__init__(*args, **kwargs)
        self._steps: dict[tuple[str, ...], Steps] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets` by their names; `inputs` are outputs that are there already."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._steps:
            self._steps[wanted] = self._order(wanted)
        # A node takes and gives pairs of a name and a value; a name alone stands for what nobody has provided.
        given: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._steps[wanted]:
            if name not in given:
                given[name] = self._instantiated_nodes[name](*(given.get(need, need) for need in needs))
        return dict(given[name] for name in wanted)

    def _order(self, wanted: tuple[str, ...]) -> Steps:
        nodes = self._graph_schema.nodes
        order: dict[str, tuple[str, ...]] = {}

        def put(name: str) -> None:
            if name in nodes and name not in order:
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    put(need)
                order[name] = needs

        for name in wanted:
            put(name)
        return tuple(order.items())
