"""Chinese translations of click's own help texts and usage errors.

Click uses ``gettext``, which needs compiled catalogues and a system locale; office machines have neither. Each of its
modules binds the translation function as ``_`` (or ``ngettext``): these names are patched.
"""

from collections.abc import Mapping
from unicodedata import east_asian_width

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

WORDS: Mapping[str, str] = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这份说明。",
    "required": "必写",
    "default: {default}": "默认：{default}",
    "(dynamic)": "（运行时定）",
    "Error: {message}": "错误：{message}",
    "Error: invalid input": "没有看懂：请按 y（是）或者 n（否）",
    "Aborted!": "已中止。",
    "Try '{command} {option}' for help.": "怎么写，见 {command} {option}",
    "Missing command.": "没有写要运行哪个命令。",
    "Missing argument": "少写了",
    "Missing option": "少写了选项",
    "Missing parameter": "少写了",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "No such option {name!r}.": "没有“{name}”这个选项。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中一个：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多写了“{args}”。",
    "Got unexpected extra arguments ({args})": "多写了“{args}”。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写内容。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写内容。",
    "Invalid value for {param_hint}: {message}": "{param_hint} 写得不对：{message}",
    "Invalid value: {message}": "写得不对：{message}",
    "Choose from:\n\t{choices}": "可以写：\n\t{choices}",
    "{value!r} is not {choice}.": "“{value}”不行，只能写 {choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不在可选的里面：{choices}。",
    "{value!r} does not match the format {format}.": "“{value}”不是日期，要写成 2022-08-20 这样。",
    "{value} is not in the range {range}.": "{value} 超出了范围 {range}。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是整数。",
    "{name} {filename!r} is a file.": "“{filename}”是文件，应当是文件夹。",
    "{name} {filename!r} is a directory.": "“{filename}”是文件夹，应当是文件。",
    "{name} {filename!r} is not readable.": "“{filename}”没有权限读。",
    "{name} {filename!r} is not writable.": "“{filename}”没有权限写。",
    "{name} {filename!r} does not exist.": "没有“{filename}”，请核对文件名和位置。",
}
"""Click's message to ours. Messages that none of our commands can trigger are left out and stay English."""

METAVARS: Mapping[str, str] = {
    "text": "文字",
    "integer": "整数",
    "integer range": "整数",
    "datetime": "日期",
    "path": "位置",
    "file": "位置",
    "directory": "位置",
}
"""An option's metavar, by the name of click's type."""

_OPTIONS, _SUBCOMMAND = "[选项]", "命令 [内容]..."


def speak() -> None:
    """Patch click to Chinese for this process."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        vars(module)["_"] = _translated
        if "ngettext" in vars(module):
            vars(module)["ngettext"] = _counted
    vars(formatting)["term_len"] = _columns  # of the help's first column, for alignment


def show(command: click.Command) -> click.Command:
    """Return the command with Chinese in its usage line and metavars."""
    command.options_metavar = _OPTIONS
    if isinstance(command, click.Group):
        command.subcommand_metavar = _SUBCOMMAND
        for each in command.commands.values():
            show(each)
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag and option.type.name in METAVARS:
            option.metavar = option.metavar or METAVARS[option.type.name]
    return command


def _translated(message: str) -> str:
    return WORDS.get(message, message)


def _columns(text: str) -> int:
    """Return a text's width in terminal columns; a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "FW" else 1 for letter in text)


def _counted(one: str, many: str, count: int) -> str:
    return _translated(one if count == 1 else many)
