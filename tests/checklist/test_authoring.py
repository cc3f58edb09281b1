"""Aids for YAML authors: schemas, guide and scaffold are generated from the model and agree with the loader."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from build_scripts.authoring_commands import SCHEMAS, new, schema
from checklist.authoring.guide import guide
from checklist.authoring.key_descriptions import about, columns, meaning
from checklist.authoring.schemas import models, schema_file, schemas
from checklist.authoring.skeleton import SCHEMA_LINE, with_schema
from checklist.loading.form_rules import COLUMN_TYPES
from checklist.loading.loader import PARTS, load_campaign
from checklist.loading.strictyaml import parse
from tests.checklist.test_loader import BROKEN, FOLDER, HERE

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"


def files_of(folder: Path) -> list[tuple[Path, str]]:
    """Every YAML file of a campaign with the name of its schema."""
    return [
        (path, schema_file(part))
        for part in PARTS.values()
        for path in (sorted((folder / part.name).glob("*.yml")) if part.many else [folder / part.name])
        if path.is_file()
    ]


def faults(text: str, file: str) -> list[str]:
    data = parse(text.encode(), "x.yml").data
    return [error.message for error in Draft202012Validator(schemas()[file]).iter_errors(data)]


def test_every_key_of_the_model_is_explained_and_nothing_else_is() -> None:
    parts = [model for model in models().values() if model.__name__ != "Campaign"]
    assert [model for model in parts if not about(model)] == []
    used = {(model.__name__.lstrip("_"), key) for model in parts for key in model.model_fields}
    assert [(model, key) for model in parts for key in model.model_fields if not meaning(model, key)] == []
    catalogue = yaml.safe_load((SCHEMAS.parent / "authoring" / "keys.yml").read_text(encoding="utf-8"))
    written = {(model, key) for model, words in catalogue["models"].items() for key in words.get("keys", {})}
    assert written - used == set()
    assert set(catalogue["common"]) <= {key for _, key in used}


def test_every_field_id_that_the_program_knows_is_explained() -> None:
    assert list(columns()) == list(COLUMN_TYPES)
    text = guide()
    assert [
        name for name, words in columns().items() if f"| `{name}` |" not in text or words not in text
    ] == []


def test_what_is_shipped_is_what_the_model_gives_today(tmp_path: Path) -> None:
    result = CliRunner().invoke(schema, ["--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.iterdir()}
    assert made == shipped, "huitoukan schema writes them anew"


@pytest.mark.parametrize("source", [SHIPPED, FOLDER], ids=["shipped", "fire"])
def test_the_schemas_of_a_campaigns_records_are_written_when_asked_for(source: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(schema, ["--records", str(tmp_path / "records"), "--checklist", str(source)])
    assert result.exit_code == 0, result.output
    made = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "records").iterdir()
    }
    campaign = load_campaign(source)
    assert set(made) == {form.id for form in (*campaign.record_forms, *campaign.registers)}
    for one in made.values():
        Draft202012Validator.check_schema(one)


def test_the_schemas_of_no_campaign_are_not_written(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    result = CliRunner().invoke(
        schema, ["--records", str(tmp_path / "records"), "--checklist", str(tmp_path / "broken")]
    )
    assert result.exit_code == 1
    assert re.search(r"campaign\.yml:1:1", result.output)
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize("file", sorted(schemas()))
def test_each_schema_is_one(file: str) -> None:
    Draft202012Validator.check_schema(schemas()[file])


@pytest.mark.parametrize("folder", [SHIPPED, FOLDER], ids=["shipped", "fire"])
def test_the_schemas_accept_what_the_loader_accepts(folder: Path) -> None:
    for path, file in files_of(folder):
        assert faults(path.read_text(encoding="utf-8"), file) == [], path


SHAPES = {"key-unknown", "key-missing", "not-among", "type-integer", "type-text", "type-list", "list-too-short",
          "text-empty", "text-pattern", "number-too-small", "type-boolean", "type-number", "type-mapping"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (*_, code) in BROKEN.items() if code in SHAPES])
def test_the_schemas_refuse_what_is_out_of_shape(name: str) -> None:
    file, old, new_text, _ = BROKEN[name]
    text = (FOLDER / file).read_text(encoding="utf-8").replace(old, new_text.replace(HERE, ""), 1)
    part = next(part for part in PARTS.values() if part.name in (file, f"{file.partition('/')[0]}/"))
    assert faults(text, schema_file(part))


def test_every_shipped_file_names_its_schema_in_its_first_line() -> None:
    for path, file in files_of(SHIPPED):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith(SCHEMA_LINE), path
        assert (path.parent / first.removeprefix(SCHEMA_LINE)).resolve() == SCHEMAS / file


def test_the_line_takes_the_place_of_an_older_one() -> None:
    old = f"{SCHEMA_LINE}../old.json\nid: x\n"
    assert with_schema(old, "forms/x.yml", "../schemas") == f"{SCHEMA_LINE}../../schemas/forms.json\nid: x\n"


def test_the_guide_names_each_file_and_has_no_place_left_open() -> None:
    text = guide()
    for part in PARTS.values():
        assert part.name in text
    assert not re.search(r"\{\{\w+\}\}", text)
    assert "| `evidence` |  | 若干条：文字 |" in text
    assert "| `subjects` | ✓ | 若干条：`household`、`general` |" in text


def start(*arguments: str) -> Result:
    return CliRunner().invoke(new, arguments)


@pytest.mark.parametrize("source", [SHIPPED, FOLDER], ids=["shipped", "fire"])
def test_a_new_folder_is_valid_and_small(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2024-spring"
    result = start(str(folder), "--checklist", str(source))
    assert result.exit_code == 0, result.output
    assert "handbook serve" in result.output
    campaign, old = load_campaign(folder), load_campaign(source)
    assert campaign.id == "2024-spring"
    assert (campaign.units, campaign.forms, campaign.roles) == (old.units, old.forms, old.roles)
    assert len(campaign.areas) == 1
    assert {register.id for register in campaign.registers} == {*campaign.notice.shared_registers}
    assert ("asset" in campaign.register_by_id) == (source == SHIPPED)
    assert old.notice.number not in (folder / "campaign.yml").read_text(encoding="utf-8")
    for path, file in files_of(folder):
        lines = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(SCHEMA_LINE)
        ]
        assert len(lines) == 1
        assert (path.parent / lines[0].removeprefix(SCHEMA_LINE)).resolve() == SCHEMAS / file


def test_a_folder_that_is_there_or_has_no_good_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2024-there").mkdir()
    assert "已经有了" in start(str(tmp_path / "2024-there")).output
    result = start(str(tmp_path / "春季行动"))
    assert result.exit_code == 1
    assert "不能作编号" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024-there"]


def test_a_broken_campaign_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    result = start(str(tmp_path / "2024-new"), "--checklist", str(tmp_path / "broken"))
    assert result.exit_code == 1
    assert re.search(r"campaign\.yml:1:1", result.output)
    assert not (tmp_path / "2024-new").exists()
