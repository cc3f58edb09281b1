"""No test is skipped silently."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
CONFTEST = (Path(__file__).parents[2] / "conftest.py").read_text(encoding="utf-8")

MODULES = {
    "by_mark": "import pytest\n@pytest.mark.skip(reason='later')\ndef test_it(): pass",
    "in_test": "import pytest\ndef test_it(): pytest.skip('later')",
    "in_fixture": "import pytest\n@pytest.fixture\ndef it(): pytest.skip('later')\ndef test_it(it): pass",
    "whole_module": "import pytest\npytest.skip('later', allow_module_level=True)",
    "no_library": "import pytest\npytest.importorskip('no_such_library')",
    "expected_to_fail": "import pytest\n@pytest.mark.xfail(reason='later')\ndef test_it(): assert False",
}


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["one process", "xdist"])
def test_a_skip_fails_the_run(pytester, workers):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(**{f"test_{name}": code for name, code in MODULES.items()})
    result = pytester.runpytest_subprocess("--continue-on-collection-errors", *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert set(
        re.findall(r"^(?:E +)?test_(\w+)\.py\S* was skipped: ", str(result.stdout), re.MULTILINE)
    ) == set(MODULES)
    outcomes = result.parseoutcomes()
    assert (outcomes["failed"] + outcomes["errors"], outcomes.keys()) == (len(MODULES), {"failed", "errors"})


def test_a_listed_skip_is_let_through(pytester):
    listed = "SKIPS_ALLOWED = {'test_it.py::test_it': 'a reason'}"
    pytester.makeconftest(re.sub(r"SKIPS_ALLOWED: .*?\n}", listed, CONFTEST, flags=re.DOTALL))
    pytester.makepyfile(test_it=MODULES["by_mark"])
    result = pytester.runpytest_subprocess()
    assert (result.ret, result.parseoutcomes()) == (pytest.ExitCode.OK, {"skipped": 1})
