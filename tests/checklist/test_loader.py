"""Broken campaign folders: each is refused at the exact line and column, with what to write instead."""

import shutil
from pathlib import Path

import pytest

from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.model import FieldType

FOLDER = Path(__file__).parents[1] / "campaigns" / "2023-autumn-fire"

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"

HERE = "▶"
"""Stands in the new text where the problem must be reported; it is taken out before the file is written."""

# file, text to replace, text to put there, code of the problem
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "unknown key": ("campaign.yml", "county: 青河县", "▶countie: x\ncounty: 青河县", "key-unknown"),
    "unknown key in a list": ("areas/01-escape.yml", "    how: 走", "    ▶haw: 走", "key-unknown"),
    "unknown key of a form": ("forms/hazards.yml", "    min_value: 1\n", "    ▶minimum: 1\n", "key-unknown"),
    "duplicate key": ("campaign.yml", "county: 青河县", "county: 青河县\n▶county: 青河县", "yaml-duplicate-key"),
    "duplicate key deep inside": ("forms/hazards.yml", "    max_value: 40", "    max_value: 40\n    ▶max_value: 50",
                                  "yaml-duplicate-key"),
    "missing key": ("areas/01-escape.yml", "  - id: escape-01\n    text: 疏散通道是否堆放杂物\n", "  - ▶id: escape-01\n",
                    "key-missing"),
    "missing kind": ("forms/hazards.yml", "id: hazards\nkind: issue", "▶id: hazards", "key-missing"),
    "unknown kind": ("forms/hazards.yml", "kind: issue", "kind: ▶isue", "not-among"),
    "unknown field type": ("forms/hazards.yml", "    type: village", "    type: ▶vilage", "not-among"),
    "unknown subject": ("areas/01-escape.yml", "subjects: [household]\nitems", "subjects: [▶home]\nitems", "not-among"),
    "unknown stage": ("forms/hazards.yml", "stage: rectified", "stage: ▶done", "not-among"),
    "text where a number belongs": ("forms/hazards.yml", "max_value: 40", "max_value: ▶forty", "type-number"),
    "number in quotes": ("forms/hazards.yml", "max_value: 40", 'max_value: ▶"40"', "type-number"),
    "number where text belongs": ("units.yml", '"999001001"', "▶999001001", "type-text"),
    "yes is no boolean": ("forms/hazards.yml", "column: false", "column: ▶no", "type-boolean"),
    "width in words": ("forms/hazards.yml", "width: 14", "width: ▶wide", "type-number"),
    "text where a list belongs": ("campaign.yml", "objects:\n    - 沿街店铺\n    - 自建房\n    - 生产企业", "objects: ▶沿街店铺",
                                  "type-list"),
    "list where text belongs": ("campaign.yml", "county: 青河县", "county: ▶[青河县]", "type-text"),
    "text where keys belong": ("areas/01-escape.yml", "  - id: blocked\n    name: 通道堵塞\n    aliases: [堵塞通道]\n",
                               "  - ▶blocked\n", "type-mapping"),
    "no date": ("campaign.yml", "issued: 2023-09-20", "issued: ▶2023年9月20日", "type-date"),
    "a day that does not exist": ("campaign.yml", "issued: 2023-09-20", "issued: ▶2023-02-30", "no-such-day"),
    "a day without its time": ("campaign.yml", "2023-11-10T17:30:00", "▶11月10日", "type-moment"),
    "empty text": ("campaign.yml", "county: 青河县", 'county: ▶""', "text-empty"),
    "nothing after the colon": ("campaign.yml", "county: 青河县", "county:▶", "text-empty"),
    "nothing where a list belongs": ("units.yml", "    villages:\n      - code: \"999001002201\"\n        name: 柳林村委会\n",
                                     "    villages:▶\n", "text-empty"),
    "empty list": ("areas/01-escape.yml", "problem_types:\n  - id: blocked\n    name: 通道堵塞\n    aliases: [堵塞通道]\n  - id: barred\n    name: 门窗封闭\n",
                   "problem_types: ▶[]\n", "list-too-short"),
    "capitals in an id": ("areas/02-power.yml", "  - id: power-01", "  - id: ▶Power_01", "text-pattern"),
    "a village code of eleven figures": ("units.yml", '"999001002201"', '▶"99900100220"', "text-pattern"),
    "version nought": ("forms/hazards.yml", "version: 1", "version: ▶0", "number-too-small"),
    "alias": ("areas/01-escape.yml", "    policies: [exits]", "    policies: ▶*p", "yaml-alias"),
    "anchor": ("areas/01-escape.yml", "    policies: [exits]", "    policies: ▶&p [exits]", "yaml-anchor"),
    "tag": ("campaign.yml", "county: 青河县", "county: ▶!!python/name:os.system 青河县", "yaml-tag"),
    "second document": ("campaign.yml", "annexes:", "▶---\nannexes:", "yaml-second-document"),
    "bad indent": ("campaign.yml", "  objects:", "   objects▶:", "yaml-syntax"),
    "open quote": ("glossary.yml", "供人员疏散用的", '▶"供人员疏散用的', "yaml-unclosed"),
    "open bracket": ("glossary.yml", "[逃生出口]", "▶[逃生出口", "yaml-unclosed"),
    "tab": ("glossary.yml", "    explanation", "▶\texplanation", "yaml-tab"),
    "wide space": ("glossary.yml", "    explanation", "▶　　explanation", "yaml-wide-space"),
    "wide colon": ("glossary.yml", "explanation: ", "explanation▶：", "yaml-wide-colon"),
    "wide colon at an entry": ("units.yml", "  - id: all-towns", "  - id▶：all-towns", "yaml-wide-colon"),
    "wide dash": ("units.yml", "  - id: all-towns", "  ▶— id: all-towns", "yaml-wide-dash"),
    "no space after the dash": ("units.yml", "  - id: all-towns", "  ▶-id: all-towns", "yaml-dash-space"),
    "no space after the colon": ("campaign.yml", "county: 青河县", "county▶:青河县", "yaml-colon-space"),
    "colon in a text": ("campaign.yml", "text: 各镇逐户", "text: 各镇▶: 逐户", "yaml-colon-in-text"),
    "control character": ("glossary.yml", "供人员", "供▶\x07人员", "yaml-character"),
    "role called as the list of all": ("roles.yml", "  - id: office", "  - id: ▶index", "id-taken"),
    "repeated role": ("roles.yml", "  - id: office", "  - id: ▶inspector", "id-repeated"),
    "role with an unknown form": ("roles.yml", "forms: [hazards]", "forms: [▶hazard]", "reference-other"),
    "role with an unknown phase": ("roles.yml", "phase: sum-up", "phase: ▶sumup", "reference-other"),
    "role that hands to nobody": ("roles.yml", "to: office", "to: ▶officer", "reference-other"),
    "example without measures": ("areas/01-escape.yml", "    how: 走", "    examples:\n      - ▶content: 堵了\n    how: 走",
                                 "key-missing"),
    "repeated area id": ("areas/02-power.yml", "id: power\nnumber", "id: ▶escape\nnumber", "id-repeated"),
    "repeated item id": ("areas/02-power.yml", "id: power-01", "id: ▶escape-01", "id-repeated"),
    "repeated problem type id": ("areas/02-power.yml", "  - id: power\n", "  - id: ▶blocked\n", "id-repeated"),
    "repeated field id": ("forms/hazards.yml", "id: premises_kind", "id: ▶premises", "id-repeated"),
    "repeated choice id": ("forms/hazards.yml", "id: works", "id: ▶shop", "id-repeated"),
    "repeated unit code": ("units.yml", 'code: "999001002"', 'code: ▶"999001001"', "id-repeated"),
    "repeated village code": ("units.yml", '"999001001202"', '▶"999001001201"', "id-repeated"),
    "a name for two problem types": ("areas/01-escape.yml", "aliases: [堵塞通道]", "aliases: [▶门窗封闭]", "name-repeated"),
    "a word that may mean one problem type alone": (
        "areas/01-escape.yml", "aliases: [堵塞通道]", "aliases: [堵塞通道]\n    may_mean: [▶隐患]", "may-mean-alone"),
    "two villages of one name in a township": ("units.yml", "上坝村委会", "▶柳林村委会", "name-repeated"),
    "dangling unit": ("areas/02-power.yml", "  - all-towns", "  - ▶all-town", "reference-unit"),
    "dangling unit of a task": ("campaign.yml", "          - firebrigade", "          - ▶fire", "reference-unit"),
    "dangling member": ("units.yml", "      - townships", "      - ▶towns", "reference-unit"),
    "dangling policy": ("areas/01-escape.yml", "policies: [exits]\n  - id", "policies: [▶exit]\n  - id", "reference-policy"),
    "dangling area": ("policies/exits.yml", "area: escape", "area: ▶escapes", "reference-area"),
    "dangling fact": ("policies/exits.yml", "[exits-clear]\n        applies: 居住", "[▶exit-clear]\n        applies: 居住",
                      "reference-fact"),
    "words for a section that is not there": (
        "search.yml", "finds: escape-01", "finds: ▶escape-09", "reference-other"
    ),
    "words for a section twice": ("search.yml", "finds: hazards-content", "finds: ▶escape-01", "name-repeated"),
    "dangling item of a demonstration": ("demo.yml", "item: escape-01", "item: ▶escape-09", "reference-other"),
    "another area's problem type": ("areas/02-power.yml", "subjects: [household]", "subjects: [household]\n    problem_type: ▶barred",
                                    "reference-problem-type"),
    "condition on no field": ("forms/hazards.yml", "    column: false", "    when:\n      field: ▶kind\n      among: [shop]",
                              "reference-field"),
    "condition on no choice": ("forms/hazards.yml", "    column: false",
                               "    when:\n      field: premises_kind\n      among: [▶shops]", "reference-choice"),
    "a default that is no choice": ("forms/hazards.yml", "    label: 场所类别\n", "    label: 场所类别\n    default: ▶shops\n",
                                    "reference-choice"),
    "a default of a text": ("forms/hazards.yml", "    max_length: 40\n", "    max_length: 40\n    ▶default: shop\n", "field-key"),
    "villages set together": ("forms/hazards.yml", "    type: village\n", "    type: village\n    ▶together: true\n", "field-key"),
    "a clock of issues": ("forms/hazards.yml", "  - id: outcome\n", "  - id: identified_on\n    label: 甲\n    type: date\n"
                          "    required: true\n  - id: entered_on\n    label: 乙\n    type: date\n    within:\n"
                          "      ▶days: 15\n      since: identified_on\n      waiting: 待办\n  - id: outcome\n", "reference-date"),
    "outcomes set together": ("forms/hazards.yml", "    stage: rectified\n", "    stage: rectified\n    together: ▶true\n", "field-together"),
    "file named otherwise": ("areas/02-power.yml", "id: power\nnumber", "id: ▶electricity\nnumber", "file-name"),
    "folder named otherwise": ("campaign.yml", "id: 2023-autumn-fire", "id: ▶2023-fire", "campaign-id"),
    "area out of order": ("areas/02-power.yml", "number: 2", "number: ▶3", "area-number"),
    "phase that ends before it starts": ("campaign.yml", "end: 2023-11-10", "end: ▶2023-10-10", "phase-dates"),
    "deadline of the year before": ("campaign.yml", "2023-11-10T", "▶2022-11-10T", "deadline-before-issue"),
    "phases out of order": ("campaign.yml", "start: 2023-11-01", "start: ▶2023-09-01", "phase-order"),
    "township without villages": (
        "units.yml", '  - code: "999001002"\n    name: 西岭镇\n    villages:\n      - code: "999001002201"\n        name: 柳林村委会\n',
        '  - ▶code: "999001002"\n    name: 西岭镇\n', "township-without-villages",
    ),
    "two fields of one label": ("forms/hazards.yml", "label: 层数", "label: ▶场所名称", "name-repeated"),
    "two choices of one name": ("forms/hazards.yml", "label: 自建房\n", "label: 自建房\n        aliases: [▶沿街店铺]\n", "name-repeated"),
    "least above most": ("forms/hazards.yml", "max_value: 40", "max_value: ▶0", "field-range"),
    "household type that is not among the choices": (
        "areas/02-power.yml", "    subjects: [household]\n", "    subjects: [household]\n    household_types: [▶shop]\n",
        "reference-other",
    ),
    "village in a strange township": ("units.yml", '"999001002201"', '▶"999001001203"', "village-code"),
    "form that cannot be counted": ("forms/general-hazards.yml", "fields:\n  - id: serial\n    label: 序号\n    type: serial\n    width: 6\n  - id: problem_type\n    label: 隐患类别\n    type: problem_type\n    required: true\n",
                                    "▶fields:\n", "form-problem-type"),
    "problem type that has no column": (
        "forms/hazards.yml",
        "fields:\n  - id: serial\n    label: 序号\n    type: serial\n    width: 6\n  - id: village",
        "▶fields:\n  - id: kind_of_hazard\n    label: 类\n    type: problem_type\n    required: true\n  - id: village",
        "form-problem-type",
    ),
    "column of another type": ("forms/hazards.yml", "    type: deadline", "    type: ▶date", "field-type"),
    "limit of another type": ("forms/hazards.yml", "    column: false", "    ▶max_length: 3", "field-key"),
    "choice without choices": ("forms/general-hazards.yml", "    type: deadline\n", "    type: deadline\n  - ▶id: kind\n    label: 类\n    type: choice\n",
                               "field-key-missing"),
    "group torn apart": ("forms/hazards.yml", "    label: 整改情况\n", "    label: 整改情况\n    group: ▶整改责任\n", "group-split"),
    "unknown placeholder": ("forms/hazards.yml", '"{unit}消防安全隐患清单"', '▶"{name}消防安全隐患清单"', "title-placeholder"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a good campaign, to be broken."""
    return Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))


def problems_of(folder: Path) -> list[tuple[str, str]]:
    """Place and code of everything the loader finds wrong."""
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    return [(problem.place, problem.code) for problem in caught.value.problems]


def edit(path: Path, old: str, new: str) -> str:
    """Replace text of a file; returns ``line:column`` of the mark in the new text."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path.name}"
    marked = text.replace(old, new, 1)
    before = marked.partition(HERE)[0]
    path.write_text(marked.replace(HERE, ""), encoding="utf-8")
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_good_folder_loads(folder: Path) -> None:
    campaign = load_campaign(folder)
    assert campaign.id == FOLDER.name
    assert [area.id for area in campaign.areas] == ["escape", "power"]
    assert [problem_type.row_name for problem_type in campaign.problem_types] == [
        "通道堵塞",
        "门窗封闭",
        "用气用电方面",
    ]
    assert [unit.code for unit in campaign.members("all-towns")] == ["999001001", "999001002"]


@pytest.mark.parametrize("case", BROKEN)
def test_each_fault_is_found_where_it_stands(folder: Path, case: str) -> None:
    file, old, new, code = BROKEN[case]
    position = edit(folder / file, old, new)
    found = problems_of(folder)
    assert (f"{file}:{position}", code) in found


def test_all_problems_come_at_once(folder: Path) -> None:
    edit(folder / "campaign.yml", "county: 青河县", "▶countie: 青河县")
    edit(folder / "units.yml", '"999001001"', "▶999001001")
    edit(folder / "forms/hazards.yml", "kind: issue", "kind: ▶isue")
    assert {code for _, code in problems_of(folder)} == {
        "key-unknown",
        "key-missing",
        "type-text",
        "not-among",
    }


def test_what_only_follows_from_a_problem_is_not_one_more(folder: Path) -> None:
    # The only key check is refused; the list that it leaves empty is not another fault.
    edit(folder / "areas/01-escape.yml", "subjects: [household]", "▶subjetcs: [household]")
    codes = sorted(code for _, code in problems_of(folder))
    assert codes == ["key-missing", "key-unknown"]


def test_message_names_what_to_write_instead(folder: Path) -> None:
    edit(folder / "campaign.yml", "county: 青河县", "▶countie: 青河县")
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    assert "campaign.yml:9:1: 没有“countie”这个键；这里可以写 county。" in map(str, caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("issued: 2023-09-20", "▶issued: 2023年9月20日", "请写成 2023-09-20 这样。"),
        ("issued: 2023-09-20", "▶issued: 今天", "请写成 2022-08-31 这样。"),
        ("- firebrigade", "▶- 县消防救援大队", "是不是 firebrigade。"),
        ("- firebrigade", "▶- firebrigad", "是不是 firebrigade。"),
    ],
)
def test_message_tells_what_was_meant(folder: Path, old: str, new: str, told: str) -> None:
    edit(folder / "campaign.yml", old, new)
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    assert [problem.message for problem in caught.value.problems if told in problem.message]


def test_every_field_type_is_reported_where_one_is_mistyped(folder: Path) -> None:
    edit(folder / "forms/hazards.yml", "type: integer", "▶type: 整数")
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    assert all(kind in str(caught.value) for kind in FieldType)


def test_every_slip_of_a_file_is_reported(folder: Path) -> None:
    edit(folder / "campaign.yml", "county: ", "▶county：")
    edit(folder / "campaign.yml", "short_name: ", "▶short_name：")
    assert [code for _, code in problems_of(folder)] == ["yaml-wide-colon"] * 2


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("glossary.yml", "glossary.yaml"),
        ("glossary.yml", "glossary.yml.txt"),
        ("areas/02-power.yml", "areas/02-power.YML"),
    ],
)
def test_file_with_another_ending(folder: Path, name: str, wrong: str) -> None:
    (folder / name).rename(folder / wrong)
    with pytest.raises(InvalidCampaign) as caught:
        load_campaign(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{wrong}:1:1: 文件名的结尾不对，程序不读这个文件；请改名为 {name}。"
    ]


def test_files_of_editors_and_file_managers_are_not_read(folder: Path) -> None:
    for name in ("areas/.01-escape.yml", "areas/~$01.yml", ".DS_Store"):
        (folder / name).write_bytes(b"\x00")
    load_campaign(folder)


def test_items_whose_problems_no_form_could_hold(folder: Path) -> None:
    (folder / "forms/hazards.yml").write_text(
        (folder / "forms/hazards.yml")
        .read_text(encoding="utf-8")
        .replace("subject: household", "subject: general"),
        encoding="utf-8",
    )
    assert ("areas/02-power.yml:13:16", "subject-without-form") in problems_of(folder)
    assert {code for _, code in problems_of(folder)} == {"subject-without-form"}


def test_missing_and_stray_files(folder: Path) -> None:
    (folder / "units.yml").rename(folder / "unit.yml")
    assert problems_of(folder) == [("unit.yml:1:1", "file-unknown"), ("units.yml:1:1", "file-missing")]


def test_missing_folder(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none") == [(":1:1", "folder-missing")]


def test_one_summary_and_at_least_one_ledger(folder: Path) -> None:
    for name in ("demo.yml", "roles.yml", "search.yml"):  # they name the ledgers
        (folder / name).unlink()
    text = (folder / "forms/hazard-summary.yml").read_text(encoding="utf-8")
    (folder / "forms/other-summary.yml").write_text(
        text.replace("id: hazard-summary", "id: other-summary"), encoding="utf-8"
    )
    assert problems_of(folder) == [("forms/other-summary.yml:2:7", "form-repeated")]
    for name in ("other-summary", "hazards", "general-hazards"):
        (folder / f"forms/{name}.yml").unlink()
    assert problems_of(folder) == [("forms/hazard-summary.yml:1:1", "form-missing")]


@pytest.mark.parametrize(
    ("content", "code", "position"),
    [
        ("县".encode("gbk"), "yaml-not-utf8", "1:1"),
        (b"a: 1\nb: " + "县".encode("gbk"), "yaml-not-utf8", "2:4"),
        (b"", "yaml-empty", "1:1"),
        (b"# nothing\n", "yaml-empty", "1:1"),
        (b"[" * 5000, "yaml-too-deep", "1:31"),
        (b"a: 1\nb: [2, " + b"9" * 5000 + b"]\n", "yaml-number-too-long", "2:8"),
        (b"a: -" + b"9" * 400 + b".0\n", "yaml-number-too-long", "1:4"),
        (b"? [a]\n: b\n", "yaml-key-not-text", "1:3"),
        (b"a: &a [*a]\n", "yaml-anchor", "1:4"),
    ],
)
def test_files_that_are_no_campaign_at_all(folder: Path, content: bytes, code: str, position: str) -> None:
    (folder / "glossary.yml").write_bytes(content)
    assert (f"glossary.yml:{position}", code) in problems_of(folder)


def test_byte_order_mark_is_no_fault(folder: Path) -> None:
    path = folder / "glossary.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    load_campaign(folder)


def test_plain_words_stay_words(folder: Path) -> None:
    edit(folder / "glossary.yml", "aliases: [逃生出口]", "aliases: [no, 12:30, 2023-01-01]▶")
    assert load_campaign(folder).glossary.terms[0].aliases == ("no", "12:30", "2023-01-01")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("proposed-household.yml", "    type: date\n    required: true\n", "    type: date\n", "reference-date"),
        ("proposed-household.yml", "      days: 15\n", "      days: 99999999\n", "number-too-large"),
        ("proposed-household.yml", "  - id: householder\n", "  - id: householder\n    together: true\n", "field-together"),
        ("annex-1-2.yml", "  - id: level\n", "  - id: level\n    together: true\n", "field-together"),
        ("annex-1-2.yml", "  - id: level\n", "  - id: family\n    label: 户\n    type: household\n  - id: level\n", "field-household"),
        ("annex-1-2.yml", "  - id: level\n", "  - id: who\n    label: 人\n    type: person\n    identity_headers: [证号]\n  - id: level\n", "field-identity"),
    ],
)  # fmt: skip
def test_forms_that_no_ledger_could_keep_in_order(
    tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name))
    edit(folder / "forms" / file, old, new)
    assert [code_of for _, code_of in problems_of(folder)] == [code]
