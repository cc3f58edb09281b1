"""The files for a server of the whole county agree with the program that they start."""

import re
import tomllib

import pytest
from click import Context

from build_scripts.sandbox.child_limits import MEGABYTE
from forms_server.cli import main
from forms_server.server_settings import ENVIRONMENT
from forms_server.web.request_limits import UPLOADS
from tests.tooling.test_deploy_scripts import DEPLOY

SERVICE = (DEPLOY / "huitoukan.service").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


def test_the_service_starts_a_command_with_settings_that_there_are():
    started = re.search(r"^ExecStart=\S+/huitoukan (\S+)(.*)$", SERVICE, re.MULTILINE)
    assert started
    command = main.get_command(Context(main), started[1])
    assert command
    options = {name for option in command.params for name in option.opts}
    assert set(re.findall(r"--\w+", started[2])) <= options
    assert set(re.findall(r"^Environment=(\w+)=", SERVICE, re.MULTILINE)) <= set(ENVIRONMENT)


@pytest.mark.parametrize("name", ["backup", "doctor", "remind"])
def test_each_timer_starts_a_command_with_options_that_there_are(name):
    timer = (DEPLOY / f"huitoukan-{name}.timer").read_text(encoding="utf-8")
    service = (DEPLOY / f"huitoukan-{name}.service").read_text(encoding="utf-8")
    started = re.search(r"^ExecStart=\S+/huitoukan (\S+)(.*)$", service, re.MULTILINE)
    assert started
    assert started[1] == name
    command = main.get_command(Context(main), name)
    assert command
    assert set(re.findall(r"--[\w-]+", started[2])) <= {name for each in command.params for name in each.opts}
    assert "User=huitoukan" in service
    assert re.search(r"^OnCalendar=\*-\*-\* \d\d:\d\d:00 Asia/Shanghai$", timer, re.MULTILINE)


def test_what_the_service_may_write_is_the_home_of_the_shipped_settings():
    shipped = tomllib.loads((DEPLOY / "huitoukan.toml").read_text(encoding="utf-8"))
    for file in DEPLOY.glob("*.service"):
        assert (
            f"/var/lib/{re.findall('^StateDirectory=(.*)$', file.read_text(), re.MULTILINE)[0]}"
            == shipped["home"]
        )


def test_nginx_leads_to_the_service():
    host, port = re.findall(r"--host (\S+) --port (\d+)", SERVICE)[0]
    assert f"proxy_pass http://{host}:{port};" in NGINX


def test_nginx_lets_every_upload_through_that_the_server_takes():
    largest = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert largest
    assert int(largest[1]) * MEGABYTE >= max(UPLOADS.values())


def test_what_nginx_answers_itself_is_chinese():
    own = re.findall(r"error_page ([\d ]+) (@\w+);", NGINX)
    assert {code for codes, _ in own for code in codes.split()} >= {"413", "502", "504"}
    for _, place in own:
        answer = re.search(rf"location {place} \{{.*?return \d+ '(.*?)';", NGINX, re.DOTALL)
        assert answer
        assert 'lang="zh-CN"' in answer[1]


def test_the_readme_leads_to_files_that_there_are():
    told = (DEPLOY.parent / "README.zh.md").read_text(encoding="utf-8")
    assert {DEPLOY.parent / name for name in re.findall(r"deploy/[\w.]+\w", told)} <= set(DEPLOY.iterdir())
    assert set(re.findall(r"\.venv/bin/huitoukan (\w+)", told)) <= set(main.list_commands(Context(main)))
