"""Strict YAML: one document of plain data with the source place of each part.

Refused are anchors, aliases, tags, duplicate keys and keys that are not text. PyYAML keeps the last of two
duplicate keys without a word, reads ``no`` as false, 012 as ten and 12:30 as 750; here a plain scalar is true,
false, null, a decimal number or text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from checklist.loading.yaml_hints import yaml_hints
from checklist.messages import say
from checklist.problems import Problem

Path = tuple[str | int, ...]
"""Keys and indexes from a document's root to one of its parts."""

MAX_DEPTH = 30
"""Deeper nesting than any campaign needs; PyYAML would run out of stack on a hostile file."""

MOST_DIGITS = 18
"""Of a number; Python refuses to read thousands, and a database keeps no more."""

_PLAIN: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"|~|null"), lambda text: None),
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"0|-?[1-9][0-9]*"), int),
    (re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"), float),
)


@dataclass(frozen=True)
class Document:
    """A parsed file, with places.

    Attributes:
        file: the file's name as messages show it.
        data: mappings, lists, text, numbers, booleans and None; None where the file could not be read at all.
        problems: what is wrong with the file as YAML.
        keys: for each path into a mapping, the line and column of its key, both from 1.
        values: for each path, the line and column of its value.
    """

    file: str
    data: Any = None
    problems: tuple[Problem, ...] = ()
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path = (), *, key: bool = False) -> str:
        """Return ``file:line:column`` of a part, or of its nearest existing ancestor."""
        marks = self.keys if key else self.values
        while path and path not in marks:
            path = path[:-1]
            marks = self.values
        line, column = marks.get(path, (1, 1))
        return f"{self.file}:{line}:{column}"

    def problem(self, code: str, path: Path, **details: object) -> Problem:
        """Return a problem with the value at a path."""
        return Problem(self.place(path), code, say(code, **details))

    def key_problem(self, code: str, path: Path, **details: object) -> Problem:
        """Return a problem with the key at a path."""
        return Problem(self.place(path, key=True), code, say(code, **details))


def parse(content: bytes, file: str) -> Document:
    """Parse one YAML file; errors are collected in ``problems``, nothing is raised."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = content[: error.start].decode("utf-8-sig")
        line, column = _line_and_column(readable, len(readable))
        return Document(file, problems=(_problem(file, line, column, "yaml-not-utf8"),))
    if unprintable := yaml.reader.Reader.NON_PRINTABLE.search(text):
        # Checked first: the fast parser reports its place in bytes.
        line, column = _line_and_column(text, unprintable.start())
        return Document(
            file, problems=(_problem(file, line, column, "yaml-character", number=_number(unprintable)),)
        )
    try:
        refused = tuple(_refused(text, file))
        if refused:
            return Document(file, problems=refused)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Document(
            file, problems=tuple(yaml_hints(text, file)) or (_problem(file, line, column, "yaml-syntax"),)
        )
    if root is None:
        return Document(file, problems=(_problem(file, 1, 1, "yaml-empty"),))
    return _Builder(file).build(root)


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _number(character: re.Match[str]) -> str:
    return f"U+{ord(character[0]):04X}"


def _problem(file: str, line: int, column: int, code: str, **details: object) -> Problem:
    return Problem(f"{file}:{line}:{column}", code, say(code, **details))


def _refused(text: str, file: str) -> Iterator[Problem]:
    """Return problems for anchors, aliases, tags, second documents and deep nesting, before construction."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        code = ""
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            code = "yaml-second-document" if documents > 1 else ""
        elif isinstance(event, yaml.AliasEvent):
            code = "yaml-alias"
        elif isinstance(event, yaml.NodeEvent):
            code = "yaml-anchor" if event.anchor else "yaml-tag" if getattr(event, "tag", None) else ""
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            code = "yaml-too-deep"
        if code:
            line, column = _position(event)
            yield _problem(file, line, column, code)
        if code in ("yaml-too-deep", "yaml-second-document"):
            return


class _Builder:
    """Constructor of plain data from PyYAML's nodes; notes places and duplicate keys."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []
        self._keys: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, tuple[int, int]] = {}

    def build(self, root: yaml.Node) -> Document:
        data = self._value(root, ())
        return Document(self._file, data, tuple(self._problems), self._keys, self._values)

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self._values[path] = _position(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        if _is_endless(node):
            line, column = _position(node)
            self._problems.append(
                _problem(self._file, line, column, "yaml-number-too-long", most=MOST_DIGITS)
            )
            return None
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line, column = _position(key_node)
            key = key_node.value
            if not isinstance(key, str):
                self._problems.append(_problem(self._file, line, column, "yaml-key-not-text"))
            elif key in mapping:
                first = self._keys[(*path, key)][0]
                self._problems.append(
                    _problem(self._file, line, column, "yaml-duplicate-key", key_name=key, first=first)
                )
            else:
                self._keys[(*path, key)] = (line, column)
                mapping[key] = self._value(value_node, (*path, key))
        return mapping


def _position(part: Any) -> tuple[int, int]:
    """Return line and column, from 1, of an event or node of PyYAML."""
    return part.start_mark.line + 1, part.start_mark.column + 1


def _is_endless(node: Any) -> bool:
    """Whether a scalar is a number with too many digits."""
    digits = sum(letter.isdigit() for letter in node.value)
    return (
        not node.style
        and digits > MOST_DIGITS
        and any(pattern.fullmatch(node.value) for pattern, _ in _PLAIN)
    )


def _scalar(node: Any) -> Any:
    """Return the value of a scalar; quoted and block scalars are always text."""
    if not node.style:  # None or "": PyYAML's two parsers mark a plain scalar differently
        for pattern, read in _PLAIN:
            if pattern.fullmatch(node.value):
                return read(node.value)
    return node.value
