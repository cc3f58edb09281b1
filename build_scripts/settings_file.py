"""Strict reading of a settings file: unknown keys, wrong types and unreadable files are errors with file and line."""

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from build_scripts.atomic_files import reason
from build_scripts.setting_catalogue import NAME_OF_KEY, SETTINGS, key_of

_LONGEST = 64 * 1024
"""Bytes; the shipped file with all its comments has two thousand."""

_WRITTEN_AS: Mapping[type, str] = {
    str: '要写成带半角引号的文字，如 {key} = "……"',
    int: "要写成整数，不加引号，如 {key} = 12",
    bool: "要写成 true 或 false，不加引号",
}


class BadSetting(ValueError):
    """Settings that cannot be used; the text says where, what is wrong and what to write."""


@dataclass(frozen=True)
class SettingValue:
    """A value as the environment would spell it, and where it stands."""

    text: str
    place: str
    """Where it was set, for messages: a variable's name, or a file, line and key."""


@dataclass(frozen=True)
class SettingsFile:
    """A settings file that was read."""

    path: Path
    values: Mapping[str, SettingValue]
    """By the names of the environment variables."""
    open_to_others: bool
    """Whether every account of the machine may read it."""

    @property
    def is_exposed(self) -> bool:
        """Whether it holds a password that others may read."""
        return self.open_to_others and any(_password(each.text) for each in self.values.values())


def read_settings_file(path: Path) -> SettingsFile | None:
    """Read a file; None where there is none.

    Raises:
        BadSetting: it can't be read, or not everything in it is a setting; names every fault.
    """
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            content = file.read(_LONGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise BadSetting(
            f"读不了设置文件 {path}（没有权限）：请用 huitoukan 账号运行（命令前加 runuser -u huitoukan --）；"
            f"已经是的，用 root 运行 chgrp huitoukan {path} && chmod 640 {path}"
        ) from error
    except OSError as error:
        raise BadSetting(f"读不了设置文件 {path}（{reason(error)}）：请核对文件") from error
    if len(content) > _LONGEST:
        raise BadSetting(f"{path} 太大，不是设置文件：请核对 HUITOUKAN_SETTINGS 写的位置")
    return SettingsFile(path, _values(path, content), bool(mode & stat.S_IROTH) and stat.S_ISREG(mode))


def _values(path: Path, content: bytes) -> dict[str, SettingValue]:
    text, said = _parsed(path, content)
    values, faults = {}, []
    for key, value in said.items():
        where = f"{path}:{_line(text, key)}"
        fault = _fault(key, value)
        if fault:
            faults.append(f"{where}: {fault}")
        else:
            values[NAME_OF_KEY[key]] = SettingValue(_spelled(value), f"{where}: {key}")
    if faults:
        raise BadSetting("设置文件有误：\n" + "\n".join(faults))
    return values


def _parsed(path: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadSetting(f"{path}:{line}: 不是 UTF-8 编码的文字，请另存为 UTF-8") from error
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 1
        raise BadSetting(f"{path}:{line}: {_syntax(str(error), text, line)}") from error


def _syntax(said: str, text: str, line: int) -> str:
    """Name the likely cause of a line that is no TOML."""
    written = (text.splitlines() or [""])[min(line, text.count("\n") + 1) - 1 : line]
    if any(set(each) & set("“”‘’＝＂") for each in written):
        return "引号和等号要用半角的（英文输入法的）"
    if "overwrite" in said:
        return "这一项前面已经写过，只留一处"
    return '写得不对：每行是 名称 = 值，文字加半角引号，如 home = "/var/lib/huitoukan"；说明前面加 #'


def _fault(key: str, value: object) -> str:
    """What is wrong with a key, in words; empty if nothing is."""
    if key not in NAME_OF_KEY:
        near = get_close_matches(key.lower().removeprefix("huitoukan_"), NAME_OF_KEY, 1)
        hint = f"是不是 {near[0]}？" if near else f"可以写的有 {'、'.join(NAME_OF_KEY)}"
        return f"没有 {key[:60]} 这个设置，{hint}"
    setting = SETTINGS[NAME_OF_KEY[key]]
    if type(value) is not setting.kind:
        return f"{key} {_WRITTEN_AS[setting.kind].format(key=key)}"
    if setting.is_place and not Path(str(value)).is_absolute():
        return f"{key} 要写完整的位置（以 / 开头），现在是“{value}”"
    if re.match(r"sqlite:///(?!/)", str(value)):
        return f"{key} 里文件的位置要写完整，如 sqlite:////var/lib/huitoukan/huitoukan.sqlite3（四条斜线）"
    if "\0" in str(value):
        return f"{key} 里有不能用的字符"
    return ""


def _spelled(value: str | int | bool) -> str:
    """A value as the environment spells it."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _line(text: str, key: str) -> int:
    """The line of a top-level key or table."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*[=.\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _password(value: str) -> bool:
    """Whether an address holds a password."""
    try:
        return bool(urlsplit(value).password)
    except ValueError:
        return False


def shared_keys(first: SettingsFile, second: SettingsFile) -> Iterator[str]:
    """Sentences about settings that stand in both files."""
    for name in first.values.keys() & second.values.keys():
        places = f"{first.values[name].place} 和 {second.values[name].place}"
        yield f"{key_of(name)} 在两个设置文件里都写了（{places}）：只留一处"
