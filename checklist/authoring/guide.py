"""The guide to writing YAML: prose of ``guide.md``, and tables of all keys generated from the schemas."""

from collections.abc import Iterator
from importlib.resources import files

from checklist.authoring.key_descriptions import columns
from checklist.authoring.schemas import Schema, schema_file, schemas
from checklist.loading.form_rules import COLUMN_TYPES
from checklist.loading.loader import PARTS

_PLAIN_TYPES = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "true 或 false"}
_FORMATS = {"date": "日期", "date-time": "日期和时刻"}


def guide() -> str:
    """Return the guide as Markdown."""
    prose = files("checklist.authoring").joinpath("guide.md").read_text(encoding="utf-8")
    prose = prose.replace("{{columns}}", "\n".join(_columns()))
    return prose.replace("{{files}}", "\n".join(_files())).replace("{{reference}}", "\n\n".join(_reference()))


def _files() -> Iterator[str]:
    yield "| 文件 | 是什么 | 必须有 |"
    yield "| --- | --- | --- |"
    made = schemas()
    for part in PARTS.values():
        schema = made[schema_file(part)]
        words = schema.get("description") or "一张表：问题台账、汇总表或报告，一个文件一张。"
        name = f"{part.name}*.yml" if part.many else part.name
        yield f"| `{name}` | {words} | {'✓' if part.required else ''} |"


def _columns() -> Iterator[str]:
    yield "| 编号 | 类型 | 是什么、有什么用 |"
    yield "| --- | --- | --- |"
    for name, types in COLUMN_TYPES.items():
        yield f"| `{name}` | {' 或 '.join(sorted(types))} | {columns()[name]} |"


def _reference() -> Iterator[str]:
    """Yield a table for each model, under the file in which it first occurs."""
    told: set[str] = set()
    for part in PARTS.values():
        schema = schemas()[schema_file(part)]
        name = f"{part.name}*.yml" if part.many else part.name
        yield f"### {name}"
        if "properties" in schema:
            yield _table(schema)
        for model, definition in schema.get("$defs", {}).items():
            if model not in told and "properties" in definition:
                told.add(model)
                yield f"#### {model}\n\n{definition['description']}"
                yield _table(definition)


def _table(schema: Schema) -> str:
    required = schema.get("required", [])
    lines = ["| 键 | 必填 | 填什么 | 说明 |", "| --- | --- | --- | --- |"]
    for key, value in schema["properties"].items():
        mark = "✓" if key in required else ""
        lines.append(f"| `{key}` | {mark} | {kind_of(value)} | {value['description']} |")
    return "\n".join(lines)


def kind_of(schema: Schema) -> str:
    """Return a key's type as a phrase."""
    if "$ref" in schema:
        return f"一组键（{schema['$ref'].rpartition('/')[2]}）"
    if options := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return "、".join(f"`{option}`" for option in options if option != "")
    if "anyOf" in schema:
        return "，或".join(kind_of(each) for each in schema["anyOf"] if each.get("type") != "null")
    if schema.get("type") == "array":
        return f"若干条：{kind_of(schema['items'])}"
    for key in ("patternProperties", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            value = next(iter(schema[key].values())) if key == "patternProperties" else schema[key]
            return f"若干个键和值，值是{kind_of(value)}"
    return _FORMATS.get(schema.get("format", "")) or _PLAIN_TYPES[schema["type"]]
