"""The bundle for machines without internet: what is in it, and its installer, over stand-ins for the libraries."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

from tests.unpacking import unpack

PROJECT = Path(__file__).parents[2]
MACHINE = os.uname().machine
PROGRAM = {
    "program.py": "import mini\n\n\ndef main():\n    print('huitoukan', mini.version)\n",
    "huitoukan-0.1.0.dist-info/entry_points.txt": "[console_scripts]\nhuitoukan = program:main\n",
}


def load_maker() -> ModuleType:
    sys.path.insert(0, str(PROJECT / "deploy"))  # as for a script there
    spec = importlib.util.spec_from_file_location("make_bundle", PROJECT / "deploy" / "make_bundle.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


maker = load_maker()


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """A wheel with some files."""
    path = folder / f"{name}-0.1.0-py3-none-any.whl"
    info = f"{name}-0.1.0.dist-info"
    held = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for inside, content in held.items():
            archive.writestr(inside, content)
        archive.writestr(f"{info}/RECORD", "".join(f"{each},,\n" for each in [*held, f"{info}/RECORD"]))
    return path


def pip_wheel(folder: Path) -> None:
    """The pip of the tests' environment as a wheel: the machine's own is not used."""
    import pip

    source = Path(pip.__file__).parent
    with zipfile.ZipFile(folder / f"pip-{pip.__version__}-py3-none-any.whl", "w") as archive:
        for path in source.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, Path("pip") / path.relative_to(source))


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An unpacked bundle whose only library is ``mini``."""
    (tmp_path / "made").mkdir()
    mini = wheel(tmp_path / "made", "mini", {"mini.py": "version = '0.1.0'\n"})
    program = wheel(tmp_path / "made", "huitoukan", PROGRAM)
    pins = f"mini==0.1.0 \\\n    --hash=sha256:{sha256(mini.read_bytes()).hexdigest()}\n"
    monkeypatch.setattr(maker, "pins_for", lambda _arch: pins)

    def download(_pins: Path, wheels: Path, _arch: str, _python: str) -> None:
        shutil.copy(mini, wheels)
        pip_wheel(wheels)

    archive = maker.make_bundle(tmp_path / "out", MACHINE, ["3.11"], program, download)
    told = archive.with_suffix(".tar.sha256").read_text(encoding="utf-8").split()
    assert told == [sha256(archive.read_bytes()).hexdigest(), archive.name]
    with tarfile.open(archive) as tar:
        unpack(tar, tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    return folder


def install(bundle: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        **settings,
    }
    command = ["sh", str(bundle / "install.sh"), str(bundle.parent / "opt")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_it_installs_without_a_network_and_switches_in_one_step(bundle: Path) -> None:
    done = install(bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "huitoukan 0.1.0" in done.stdout
    target = bundle.parent / "opt"
    first = (target / ".venv").resolve()
    assert (target / "deploy" / "huitoukan.service").is_file()
    assert install(bundle).returncode == 0
    assert (target / ".venv").resolve() == first
    notes = bundle / "CHANGELOG.md"
    notes.write_text("another build\n", encoding="utf-8")
    (bundle / "SHA256SUMS").write_text("".join(maker._sums(bundle)), encoding="utf-8")
    assert install(bundle).returncode == 0
    assert (target / ".venv").resolve() != first
    assert (first / "bin" / "huitoukan").is_file()  # the old version may still be running


def test_a_changed_file_is_refused(bundle: Path) -> None:
    (wheel_file,) = bundle.glob("wheels/mini-*.whl")
    wheel_file.write_bytes(wheel_file.read_bytes() + b"x")
    done = install(bundle)
    assert done.returncode == 1
    assert "文件不完整，或者被改过" in done.stderr
    assert not (bundle.parent / "opt").exists()


def test_another_machines_bundle_is_refused(bundle: Path) -> None:
    (bundle / "ARCH").write_text("riscv64\n", encoding="utf-8")
    (bundle / "SHA256SUMS").write_text("".join(maker._sums(bundle)), encoding="utf-8")
    done = install(bundle)
    assert done.returncode == 1
    assert "这个安装包是给 riscv64 的" in done.stderr


def test_an_old_python_is_refused_with_a_hint(bundle: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = install(bundle, PYTHON=str(old))
    assert done.returncode == 1
    assert "要 Python 3.11 或更新的" in done.stderr


def test_only_what_an_architecture_lacks_is_left_out() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))

    whole = names((PROJECT / "requirements.txt").read_text(encoding="utf-8"))
    assert names(maker.pins_for("x86_64")) == whole
    assert whole - names(maker.pins_for("aarch64")) == {"pysqlite3"}
    assert "apsw" in names(maker.pins_for("aarch64"))
    assert maker.pins_for("aarch64").count("--hash") > 100
