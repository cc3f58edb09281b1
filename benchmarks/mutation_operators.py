"""Mutation operators: small changes of a module's syntax tree, as byte-range replacements.

Mutated are comparisons, ``and``/``or``, conditions (negated, which swaps the branches), numbers and booleans (by one),
returned values (None, or what is empty), and statements (left out). Strings, annotations, decorators and assertions
stay as they are.
"""

import ast
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_EMPTY = {"str": "''", "bytes": "b''", "int": "0", "list": "[]", "tuple": "()", "Sequence": "()", "dict": "{}",
          "Mapping": "{}", "set": "set()", "frozenset": "frozenset()", "Iterator": "iter(())"}  # fmt: skip


@dataclass(frozen=True, order=True)
class Mutant:
    """One change of one module: the bytes from ``start`` to ``end`` become ``text``."""

    module: str
    start: int
    end: int
    text: str
    line: int
    kind: str

    def applied(self, source: bytes) -> bytes:
        """The module's text with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]


class _Finder(ast.NodeVisitor):
    """Collects the mutants of a module as (node, replacement, kind)."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.expr | ast.stmt, str, str]] = []
        self._returns = [""]

    def visit_Compare(self, node: ast.Compare) -> None:
        """Each operator to the one next to it."""
        for number, operator in enumerate(node.ops):
            operators = [*node.ops[:number], _COMPARED[type(operator)](), *node.ops[number + 1 :]]
            changed = ast.Compare(node.left, operators, node.comparators)
            self.found.append((node, f"({ast.unparse(changed)})", "comparison"))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """``and`` to ``or``, and back."""
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self.found.append((node, f"({ast.unparse(ast.BoolOp(other, node.values))})", "and/or"))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """``not`` left out."""
        if isinstance(node.op, ast.Not):
            self.found.append((node, f"({ast.unparse(node.operand)})", "negation"))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """A condition negated: its branches are swapped. Imports for the type checker alone are left as they are."""
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """As for a statement."""
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """What is left out is taken, and the other way round."""
        for condition in node.ifs:
            self._negate(condition)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A boolean to the other one, a number to its neighbours."""
        if isinstance(node.value, bool):
            self.found.append((node, repr(not node.value), "constant"))
        elif isinstance(node.value, int | float):
            self.found += [(node, f"({node.value + step!r})", "constant") for step in (-1, 1)]

    def visit_Return(self, node: ast.Return) -> None:
        """Nothing is returned, or what is empty; of a yes or no, the other one."""
        said = self._returns[-1]
        if node.value is not None and said == "bool":
            self._negate(node.value)
        elif node.value is not None and ast.unparse(node.value) not in {_EMPTY.get(said, "None"), "None"}:
            self.found.append((node.value, _EMPTY.get(said, "None"), "return"))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call for its effect left out; a docstring has none."""
        if isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
            self._leave_out(node, "None" if isinstance(node.value, ast.Call) else "yield from ()")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """An error that is not raised."""
        self._leave_out(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """A sum that does not grow."""
        self._leave_out(node)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Something that is not kept; a name would be missing, which any test notices."""
        if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            self._leave_out(node)
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        """What should be passed over is not."""
        self._leave_out(node)

    def visit_Break(self, node: ast.Break) -> None:
        """A loop that goes on."""
        self._leave_out(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        """What stays."""
        self._leave_out(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Neither decorators nor annotations are mutated."""
        self._returns.append(ast.unparse(node.returns).split("[")[0] if node.returns else "")
        for part in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
            self.visit(part)
        self._returns.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """As for a function."""
        for part in node.body:
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Only what is assigned."""
        if node.value:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Left alone: parts of it have no place of their own before Python 3.12."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Left alone: they are for the type checker."""

    def _negate(self, test: ast.expr) -> None:
        if not isinstance(
            test, ast.Compare | ast.UnaryOp | ast.Constant
        ):  # these have mutants that do the same
            self.found.append((test, f"(not ({ast.unparse(test)}))", "negation"))

    def _leave_out(self, node: ast.stmt, instead: str = "pass") -> None:
        self.found.append((node, instead, "left out"))


def mutants_of(module: str, source: bytes) -> list[Mutant]:
    """Every mutant of a module, in order; those that are no Python any more are passed over."""
    finder = _Finder()
    finder.visit(ast.parse(source))
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    made = set()
    for node, text, kind in finder.found:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = (
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
        )
        made.add(Mutant(module, start, end, text, node.lineno, kind))
    return sorted(mutant for mutant in made if _is_python(mutant.applied(source)))


def _is_python(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
