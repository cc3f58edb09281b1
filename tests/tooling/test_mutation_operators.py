"""What the mutation tool changes, and what it leaves alone."""

from benchmarks.mutation_operators import mutants_of

SOURCE = '''"""Text with 1 in it."""

@decorated(True)
def area(wide: int, high: int = 2, *, 名: "str" = "宽 3") -> list[int]:
    """Another 4."""
    assert wide > 5
    if wide < high and not 名:
        raise ValueError(f"{wide + 6}")
    for each in range(wide):
        if each in (high,):
            continue
        print(each)
    return [wide, high]


if TYPE_CHECKING:
    limit = 7


def small(wide: int) -> bool:
    return ask(wide)
'''


def changed(line: int) -> set[str]:
    """What the mutants make of a line."""
    source = SOURCE.encode()
    mutants = [each for each in mutants_of("area.py", source) if each.line == line]
    return {each.applied(source).decode().splitlines()[line - 1].strip() for each in mutants}


def test_operators_conditions_and_negations_are_turned_round() -> None:
    assert changed(7) == {
        "if (wide <= high) and not 名:",
        "if (wide < high or not 名):",
        "if (not (wide < high and (not 名))):",
        "if wide < high and (名):",
    }
    assert changed(10) == {"if (each not in (high,)):"}


def test_numbers_are_moved_by_one_and_text_stays() -> None:
    assert changed(4) == {
        f'def area(wide: int, high: int = ({number}), *, 名: "str" = "宽 3") -> list[int]:'
        for number in (1, 3)
    }


def test_statements_are_left_out() -> None:
    assert changed(8) == {"pass"}
    assert changed(11) == {"pass"}
    assert changed(12) == {"None"}


def test_what_is_returned_is_empty_or_the_opposite() -> None:
    assert changed(13) == {"return []"}
    assert changed(21) == {"return (not (ask(wide)))"}


def test_documentation_decorators_and_assertions_stay() -> None:
    assert {line for line in range(1, 22) if changed(line)} == {4, 7, 8, 10, 11, 12, 13, 21}


def test_every_mutant_is_python_and_another_one() -> None:
    source = SOURCE.encode()
    made = [each.applied(source) for each in mutants_of("area.py", source)]
    assert len(set(made)) == len(made)
    assert source not in made
    for text in made:
        compile(text, "area.py", "exec")
