# Everything a person or CI runs. Needs Python 3.11 or newer with pip, and make; it makes the rest.
# Another Python than `python3`: make run PYTHON=python3.12; another port: make run PORT=8001

PYTHON ?= python3
BIN := .venv/bin

# --without-pip and --python: Debian packs what `venv` needs to bring pip apart from pip itself, so a machine
# with pip may lack it. requirements.txt brings the environment a pinned pip of its own.
PIP_INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install

# From the command line only: some machines' environments have a PORT that is meant for something else.
SERVE_ON = $(if $(findstring command,$(origin PORT)),--port $(PORT))

# The pins name no index and no machine: each machine's own pip settings say where packages come from.
PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet $(ARGS) \
	--generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# What the handbook is made from. Folders are in the list too: a deleted file changes its folder's time.
# Settings: the environment, then the settings file (README.zh.md, “长期运行”).
FILE := $(or $(HUITOUKAN_SETTINGS),/etc/huitoukan.toml)
SET = $(shell sed -n 's/^ *$(1) *= *"\([^"]*\)".*/\1/p' $(FILE) 2>/dev/null)
DATA := $(or $(HUITOUKAN_HOME),$(call SET,home),var)
CHECKLIST := $(or $(HUITOUKAN_CHECKLIST),$(call SET,checklist),$(wildcard $(DATA)/campaigns),checklist)
HANDBOOK_SOURCES := $(shell find checklist build_scripts docs mkdocs.yml $(CHECKLIST) $(DATA)/summary/published.json \
	-name __pycache__ -prune -o -print 2>/dev/null)
# Each campaign has its own stamp, so that a change of campaign builds anew. MkDocs leaves dot files alone.
HANDBOOK := $(DATA)/site/.built-from-$(subst /,_,$(CHECKLIST))

.DEFAULT_GOAL := help
.PHONY: help run demo install spark test faults soak oldbrowsers check handbook pictures requirements bundle browserbundle browser otherbrowsers java nginx wrk clean

help:  ## 列出这些命令
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: install  ## 启动填报系统和手册，http://127.0.0.1:8000；换端口：make run PORT=8001
	@$(BIN)/huitoukan init
	@$(MAKE) --no-print-directory handbook  # anew, since init copies the campaign that it is made from
	@exec $(BIN)/huitoukan serve $(SERVE_ON)

demo: install  ## 用虚构的数据启动，每种角色一个账号
	@exec $(BIN)/huitoukan demo $(SERVE_ON)

install: .venv/.installed  ## 只建好环境 .venv

spark: .venv/.installed-spark java  ## 安装汇总全省、全国数据用的 Spark（summary --engine spark）

test: .venv/.installed-dev .venv/.installed-spark browser otherbrowsers java nginx  ## 运行全部测试
	$(BIN)/pytest -n 2 --dist loadfile

faults: .venv/.installed-dev  ## 全部的故障试验：断电、磁盘满、文件损坏、被改过的记录
	FAULTS=1 $(BIN)/pytest tests/faults tests/racing tests/server/test_busy_and_broken.py tests/upgrade/test_upgrade_command.py

oldbrowsers: .venv/.installed-dev browser  ## 在旧内核（Chromium 87、92、109）里试填报和打印；第一次要下载 154 MB
	@$(BIN)/python -m tests.old_browsers

soak: .venv/.installed-dev  ## 100 个人同时用半小时：95% 的页面 1 秒内，没有一次出错；短一些：make soak ARGS="--minutes 3"
	$(BIN)/python -m benchmarks.soak $(ARGS)

check: .venv/.installed-dev  ## 检查代码的写法、类型、依赖方向，核对清单
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.tooling.browser_features
	$(BIN)/huitoukan check --checklist checklist/2022-huitoukan

handbook: $(HANDBOOK)  ## 内容改过的，重新生成手册

pictures: .venv/.installed-dev browser  ## 页面改过的，重新截取手册里“填报系统”一章的图
	HUITOUKAN_HANDBOOK_PICTURES=1 $(BIN)/pytest -q tests/pages/test_system_help.py

requirements: .venv/.installed-dev  ## 重新写各个库的版本；换成最新的：make requirements ARGS=--upgrade
	$(PIP_COMPILE) -o requirements.txt requirements.in
	$(PIP_COMPILE) -o requirements-spark.txt requirements-spark.in
	$(PIP_COMPILE) -o requirements-dev.txt requirements-dev.in

browserbundle:  ## 做离线安装的 Chromium 包（和这台电脑同样的 Debian 用），放在 build/bundle
	@$(PYTHON) deploy/make_chromium_bundle.py $(ARGS)

bundle: install  ## 做离线安装包（x86-64 和 ARM），放在 build/bundle；只要一种：make bundle ARGS="--arch aarch64"
	$(BIN)/python deploy/make_bundle.py $(ARGS)

browser:  ## 缺 Chromium 的装上，测试要用
	@sh deploy/system_package.sh chromium

otherbrowsers:  ## 缺 Firefox、WebKit 的装上，测试要用；系统的软件源里没有的，那几项测试跳过
	@sh deploy/system_package.sh others

java:  ## 缺 Java 的装上，Spark 要用
	@sh deploy/system_package.sh java

nginx:  ## 缺 nginx 的装上，测几台服务器一起用
	@sh deploy/system_package.sh nginx

wrk:  ## 缺 wrk 的装上，测填报的速度用（python -m benchmarks.server）
	@command -v wrk >/dev/null || $(if $(filter-out 0,$(shell id -u)),sudo) apt-get install --yes --quiet wrk

clean:  ## 删掉环境、手册和缓存；记录从不删
	rm -rf .venv $(DATA)/site build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# A stamp is touched last, so that an install that broke off starts again.
.venv/.installed: requirements.txt pyproject.toml
	@sh deploy/python.sh $(PYTHON)
	@echo "正在 .venv 里建 Python 环境：只这一次，要几分钟"
	@$(PYTHON) -m venv --without-pip .venv
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing the tools for tests and checks"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.installed-spark: requirements-spark.txt .venv/.installed
	@echo "Installing Spark: half a gigabyte, this once"
	@$(PIP_INSTALL) --require-hashes -r requirements-spark.txt
	@touch $@

$(HANDBOOK): $(HANDBOOK_SOURCES) .venv/.installed
	@$(BIN)/huitoukan handbook build
	@rm -f $(DATA)/site/.built-from-*
	@touch $@
