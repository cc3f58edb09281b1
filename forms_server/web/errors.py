"""Error pages with an explanation and a way on."""

import errno
import logging
import time

from flask import Flask, current_app, g, render_template, request
from flask.globals import request_ctx
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from build_scripts.atomic_files import reason
from build_scripts.database_trouble import Trouble, trouble_of
from forms_server.health.stored_damage import is_damaged
from forms_server.web import csrf
from forms_server.web.current_services import services
from forms_server.web.health.access_log import request_id
from forms_server.web.retry_page import resend_page

_log = logging.getLogger(__name__)

EXPLANATIONS: dict[int, tuple[str, str]] = {
    400: ("请求有误", "这个请求不完整，或不是从本系统的页面发出的。请回到原页面重新操作。"),
    403: ("无权操作", "您的账号没有这项权限。如确需办理，请联系专项小组办公室。"),
    404: ("没有这个页面", "网址有误，或记录不存在，或不属于本单位。"),
    405: ("不能这样打开", "这个地址只接受页面上的按钮提交，请从首页进入。"),
    409: ("内容已有变动", "这条记录刚刚被改动过，请重新打开，核对后再操作。"),
    413: ("内容过大", "内容超过了大小限制，没有保存。请返回上一页，减少文字或文件后再提交。"),
    500: ("系统出错", "没有保存这次操作，请稍后再试；仍不行，请把下面的编号告诉专项小组办公室。"),
    503: ("系统繁忙", "数据库暂时忙，没有保存这次操作，请稍等片刻再试。"),
}
"""Title and explanation by status."""

_UNUSABLE = "服务器{trouble}，没有保存这次操作。请告诉专项小组办公室，修好以后再试。"

_WAIT = "系统正在升级，现在只能查看，没有保存这次操作。请过几分钟再试。"

_OF_DAMAGE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What reading a damaged row may raise; a fault of the program, too."""

_LOOKED_SECONDS, _REMEMBERED = 3.0, 60.0

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}
"""Disk errors that the operator can fix; any other ``OSError`` is a bug."""


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(OSError, _disk)


def error_page(code: int, text: str = "", reference: str = "", title: str = "") -> Response:
    """The page of a status.

    Args:
        code: of HTTP; one without an explanation of its own is explained as 400 or 500.
        text: what to say in place of the usual explanation.
        reference: of a failure in the log.
        title: in place of the usual one.
    """
    # Errors may come before the gate has run, and the page's frame asks who is signed in.
    g.setdefault("account", None)
    g.setdefault("session", None)
    g.setdefault("viewer", None)
    usual_title, usual = EXPLANATIONS[code if code in EXPLANATIONS else 400 if code < 500 else 500]
    if request_ctx.url_adapter is None:  # the request's host is none that a page's links could lead to
        return Response(
            f"{title or usual_title}：{text or usual}", code, content_type="text/plain; charset=utf-8"
        )
    page = render_template("error.html", title=title or usual_title, text=text or usual, reference=reference)
    return current_app.make_response((page, code))


def _http_error(error: HTTPException) -> HTTPException | Response:
    if (error.code or 500) < 400:  # a redirect, such as to the address with a slash at its end
        return error
    if error.response is not None:
        return error
    reference = ""
    if isinstance(error, InternalServerError):
        if isinstance(error.original_exception, _OF_DAMAGE) and _is_damaged():
            _log.error("%s: the database is damaged: %s", _request(), type(error.original_exception).__name__)
            return _unusable("的数据库用不了（里面有损坏的内容）")
        reference = request_id()
        _log.error("%s failed", _request())
    return error_page(error.code or 500, reference=reference)


def _is_damaged() -> bool:
    """Whether what is stored is to blame; looked at for a short time, and not again within a minute."""
    app = current_app.extensions
    found: tuple[float, bool] = app.get("damage", (-_REMEMBERED, False))
    if time.monotonic() - found[0] >= _REMEMBERED:
        found = app["damage"] = time.monotonic(), is_damaged(services().engine, _LOOKED_SECONDS)
    return found[1]


def _request() -> str:
    """Name this request in a log: its id, and its route in place of an address, which may name persons."""
    return f"{request_id()} {request.method} {request.url_rule.rule if request.url_rule else '-'}"


def _database(error: Exception) -> Response:
    """Handle database time-outs and failures: keep the form's input for a retry."""
    trouble = trouble_of(error)
    if trouble is Trouble.FAILED:  # a fault of ours
        raise error
    _log.error("%s: the database can't be used: %s", _request(), error)
    if trouble is Trouble.UPGRADING:
        return _unusable(trouble.value)
    return _unusable("" if trouble is Trouble.BUSY else f"的数据库用不了（{trouble.value}）")


def _disk(error: OSError) -> Response:
    """Handle disk errors while storing a picture or a workbook."""
    if error.errno not in _DISK:
        raise error
    _log.error("%s: the disk can't be used: %s", _request(), error)
    return _unusable(f"的{reason(error)}")


def _unusable(trouble: str) -> Response:
    """Render the retry page; ``trouble`` continues after 服务器 and is empty where waiting suffices."""
    typed = any(name != csrf.FIELD for name in request.form)
    if request.method == "POST" and typed and g.get("account"):
        return resend_page(503, trouble)
    if trouble == Trouble.UPGRADING.value:
        return error_page(503, _WAIT, title="系统正在升级")
    if trouble:
        return error_page(503, _UNUSABLE.format(trouble=trouble), title="系统用不了")
    return error_page(503)
