"""The cache by identity: made once for the same models, anew for equal ones, and never without bound."""

from checklist.identity_cache import IdentityCache


class _Equal:
    """Like a model: equal to others, and not to be hashed."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True


def test_same_models_and_values_are_made_once() -> None:
    cache: IdentityCache[object] = IdentityCache(8)
    one, other = _Equal(), _Equal()
    made = cache.get(object, (one, other), "a")
    assert cache.get(object, (one, other), "a") is made
    assert cache.get(object, (one, other), "b") is not made
    assert cache.get(object, (other, one), "a") is not made


def test_ids_of_models_that_are_gone_never_stand_for_others() -> None:
    cache: IdentityCache[int] = IdentityCache(100)
    for number in range(50):  # each model would take the place of the one before, were that not kept
        assert cache.get(lambda number=number: number, (_Equal(),)) == number  # type: ignore[misc]


def test_it_is_emptied_when_it_is_full() -> None:
    cache: IdentityCache[int] = IdentityCache(2)
    model, made = _Equal(), []
    for number in (1, 2, 3, 1):
        cache.get(lambda: made.append(1) or 0, (model,), number)  # type: ignore[func-returns-value]
    assert len(made) == 4


def test_it_is_emptied_where_what_it_holds_weighs_too_much() -> None:
    cache: IdentityCache[str] = IdentityCache(10, len)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    for text in ("four", "five", "four", "sevenwords!", "sevenwords!", "four", "four"):
        assert cache.get(lambda text=text: make(text), (), text) == text  # type: ignore[misc]
    assert made == ["four", "five", "sevenwords!", "four"]
