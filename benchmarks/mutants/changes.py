"""Small changes to a file, as cosmic-ray makes them: comparisons, arithmetic, constants, jumps, decorators."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = ("VariableReplacer", "VariableInserter", "NoOp", "ExceptionReplacer")  # need arguments, or change nothing


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the operator's n-th occurrence in a file."""

    path: str
    operator: str
    occurrence: int
    line: int

    def made(self, root: Path) -> str | None:
        """Return the file's text with the change made, or None where it can't be."""
        import cosmic_ray.plugins
        from cosmic_ray.mutating import mutate_code

        operator = cosmic_ray.plugins.get_operator(self.operator)()
        return mutate_code((root / self.path).read_text(encoding="utf-8"), operator, self.occurrence)


def changes(path: str, root: Path) -> Iterator[Change]:
    """Yield every change that can be made to a file, but for those in annotations, which nothing runs."""
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    source = (root / path).read_text(encoding="utf-8")
    skipped = _annotations(source)
    tree = get_ast(source)
    for name in cosmic_ray.plugins.operator_names():
        if name.rpartition("/")[2].startswith(LEFT_OUT):
            continue
        operator = cosmic_ray.plugins.get_operator(name)()
        places = (place for node in ast_nodes(tree) for place in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(places):
            if not any(first <= start <= last for first, last in skipped):
                yield Change(path, name, occurrence, start[0])


def _annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    spans = []
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.expr):
                spans.append(_span(part))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            spans.append(_span(node.value))  # an alias of types
    return spans


def _span(node: ast.expr) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)
