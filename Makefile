# SPDX-FileCopyrightText: entra.provisioning contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Everything that is built lies in .build/. `make test` is what CI runs; `make help` lists the targets.

SHELL       := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

PY    ?= python3
BUILD := $(CURDIR)/.build
VENV  := $(BUILD)/venv
# The simulator and the demo need less; where the whole environment exists, they use that.
DEMO  := $(if $(wildcard $(VENV)/.ok),$(VENV),$(BUILD)/demo)
TREE  := $(BUILD)/tree
COPY  := $(TREE)/ansible_collections/entra/provisioning
VERSION = $(shell $(VENV)/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
WORKERS := $(shell nproc 2>/dev/null || echo 2)
# Half of the time of tests/faults is waiting: for a deadline, for a lagging replica, for a retry.
WAITERS := $(shell expr 2 '*' $(WORKERS))
# tools/matrix.py calls the stages of ansible-test with a BUILD per ansible-core, and with these two.
SIMULATION := $(VENV)
DOORS      := $(if $(BRIEF),true,true false)
# Of the playbooks that `make package` runs; all where none is named.
PLAYBOOKS  := $(if $(BRIEF),onboard)
# What pylint reads in place of everything.
PYLINT     := $(if $(BRIEF),plugins/)
TESTS      := tests/sdk

# Stubs like pyenv's python3.9 that end with "command not found" are real interpreters to ansible-test.
export PATH := $(VENV)/bin:$(shell printf '%s' "$$PATH" | tr : '\n' | grep -v /shims | paste -sd:)
unexport PYTHONPATH
# Ansible's tools keep caches and keys in the home folder; they get one of their own.
ANSIBLE := HOME=$(BUILD)/home ANSIBLE_COLLECTIONS_PATH=$(TREE)
PYTEST  := $(VENV)/bin/python -m pytest -p no:cacheprovider
LINTS   := lint-style lint-format lint-types lint-ansible lint-licences lint-docs lint-changelog
# The longest first. What each may take is in tools/checks.py.
STAGES  := faults units contract integration tools package awx lint sanity demo
WIDER   := repeats package liveproof sdk coverage molecule importer

# A tree of its own, since the configuration of the integration stage lies in the other.
LIVE  = $(MAKE) --no-print-directory tree TREE=$(BUILD)/live && HOME=$(BUILD)/home \
  ANSIBLE_COLLECTIONS_PATH=$(BUILD)/live $(VENV)/bin/python -m tools.live $(if $(CONFIG),--config $(CONFIG)) \
  $(BUILD)/live/ansible_collections/entra/provisioning

# ansible-test succeeds when it finds nothing to test.
tested  = { grep -q '^Running .*test' $(1) || { echo "nothing was tested"; false; }; }

# `make test` is brief. It leaves to `make wider` what repeats a behaviour: tests with that marker (tests/harness/wider.py),
# integration targets as modules in processes of their own and all but those of the core of the collection, whose examples,
# plans and faults tests/faults has too, pylint over what is not shipped, and all but one playbook of the artifact.
BRIEFLY  = $(if $(BRIEF),-m "not wider")
CORE     = sync_job sync_schema sync_secrets
NO_ROLES = $(patsubst tests/integration/targets/%,--exclude %,$(wildcard tests/integration/targets/role_*))
SANITY   = ansible-test sanity --local --python $(VERSION) --color no

# $(call check,WHAT,COMMAND): run it and say so in a line that tools/checks.py counts.
check = if $(2); then echo "PASS $(1)"; else echo "FAIL $(1)"; exit 1; fi

.PHONY: help test wider repeats demo graphsim lint $(LINTS) units ansible-units coverage mutation sanity integration live live-clean liveproof contract faults awx molecule package importer tools matrix sdk copy tree clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

ifdef T
test: copy ## about eight minutes of tests, ends in "N passed, N failed"; T=tests/faults/test_wire.py[::NAME] for one, of any kind
	@$(VENV)/bin/python -m tools.one $(T)
else
test: export BRIEF := yes
test: tree
	@$(VENV)/bin/python -m tools.checks --shares $(STAGES)
endif

wider: tree ## what CI checks besides: the rest of the tests, other clients, other ansible-cores, coverage; half an hour
	@$(VENV)/bin/python -m tools.checks $(WIDER)
	@$(VENV)/bin/python -m tools.matrix

repeats: tree ## the tests that `make test` leaves out
	$(PYTEST) tests/faults tests/contract tests/awx tests/tools -q -n $(WAITERS) --dist loadfile -m wider

demo: $(DEMO)/.ok ## onboard an application twice against the simulator and show the user in the target
	@$(DEMO)/bin/python -m tools.demo

graphsim: $(DEMO)/.ok ## the simulator, until SIGTERM; ARGS="..." for its options
	@exec $(DEMO)/bin/python -m tests.graphsim --scim $(ARGS)

lint: tree ## style, types, ansible-lint, licences, documentation, changelog
	@$(MAKE) --no-print-directory --keep-going $(LINTS)

lint-style:
	@$(call check,ruff check,ruff check .)

lint-format:
	@$(call check,ruff format,ruff format --check .)

lint-types: tree
	@$(call check,mypy,cd $(COPY) && MYPYPATH=$(TREE) mypy --config-file pyproject.toml --cache-dir $(BUILD)/mypy \
	  -p ansible_collections.entra.provisioning.plugins)

# ansible-lint installs the collection into its home once; an old copy there hides what is new.
lint-ansible: tree
	@rm -rf $(BUILD)/home/.ansible/collections
	@$(call check,ansible-lint,$(ANSIBLE) ansible-lint --offline --profile production)

lint-licences:
	@$(call check,reuse,reuse lint --lines)

lint-docs: tree
	@$(call check,documentation,$(ANSIBLE) antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck \
	  --check-extra-docs-refs --validate-collection-refs=self .)

lint-changelog:
	@$(call check,changelog,antsibull-changelog lint && \
	  antsibull-changelog lint-changelog-yaml --strict changelogs/changelog.yaml)

units: tree ## unit tests, by pytest
	$(PYTEST) tests/unit -q -n $(WORKERS) $(BRIEFLY)

ansible-units: tree ## unit tests, by ansible-test
	cd $(COPY) && $(ANSIBLE) ansible-test units --local --python $(VERSION) --num-workers 2

coverage: tree ## how much of plugins/ the unit tests run; fails below 95 % of the lines
	@$(VENV)/bin/python -m tools.coverage $(COPY)

mutation: $(VENV)/.ok ## would the unit tests notice mistakes? Takes an hour or more; MUTATE="_schema/diff.py" EVERY=8 AGAIN=1
	@nice -n 19 $(VENV)/bin/python -m tools.mutation $(if $(EVERY),--every $(EVERY)) $(if $(AGAIN),--again) $(MUTATE)

sanity: tree ## ansible-test sanity
	cd $(COPY) && { $(if $(PYLINT),$(ANSIBLE) $(SANITY) --skip-test pylint && $(ANSIBLE) $(SANITY) --test pylint $(PYLINT), \
	  $(ANSIBLE) $(SANITY)); } 2>&1 | tee $(BUILD)/sanity.txt
	@$(call tested,$(BUILD)/sanity.txt)

# The doors differ in modules, not in roles.
integration: tree ## integration targets against the simulator, through both doors; TARGETS="..." for some of them
	roles=; for fast in $(DOORS); do \
	  $(ANSIBLE) $(SIMULATION)/bin/python -m tools.with_simulator --vars $(COPY)/tests/integration/integration_config.yml \
	    --set entra_provisioning_fast_door=$$fast --directory $(COPY) -- \
	    ansible-test integration --local --python $(VERSION) --color no $(or $(TARGETS),$(if $(BRIEF),$(CORE))) $$roles 2>&1 | \
	    tee $(BUILD)/integration.txt && \
	  $(call tested,$(BUILD)/integration.txt) || exit; \
	  roles="$(if $(TARGETS),,$(NO_ROLES))"; \
	done

live: ## integration targets in the tenant of tests/integration/integration_config.yml; TARGETS="..." for some of them
	@$(LIVE) $(TARGETS)

live-clean: ## remove what interrupted runs of `make live` have left in the tenant
	@$(LIVE) --clean

liveproof: $(VENV)/.ok ## `make live` in a simulator that it takes for a tenant
	$(PYTEST) tests/live -q

contract: $(VENV)/.ok ## the simulator keeps its contract
	$(PYTEST) tests/contract -q -n $(WORKERS) $(BRIEFLY)

faults: $(VENV)/.ok ## real playbooks while the service misbehaves
	$(PYTEST) tests/faults -q -n $(WAITERS) --dist loadfile --durations=40 $(BRIEFLY)

awx: $(VENV)/.ok ## job templates, credential types and execution environments
	$(PYTEST) tests/awx -q -n $(WORKERS) --dist loadfile $(BRIEFLY)

tools: $(VENV)/.ok ## the tests of tools/ and tests/harness/
	$(PYTEST) tests/tools -q -n $(WORKERS) --dist loadfile $(BRIEFLY)

matrix: $(VENV)/.ok ## every supported ansible-core and the next one; MATRIX="2.16 2.21" for some of them
	@$(VENV)/bin/python -m tools.matrix $(MATRIX)

sdk: $(DEMO)/.ok $(BUILD)/sdk/.ok ## Microsoft's own client, msgraph-sdk, drives the simulator
	GRAPHSIM_PYTHON=$(DEMO)/bin/python $(BUILD)/sdk/bin/python -m pytest $(TESTS) -q -W ignore::DeprecationWarning

# What an earlier run prepared was in another simulator.
molecule: tree ## the roles' scenarios
	@rm -rf $(BUILD)/home/.ansible/tmp/molecule.*
	@$(call check,molecule,$(ANSIBLE) $(VENV)/bin/python -m tools.with_simulator -- molecule test $(if $(SCENARIO),-s $(SCENARIO),--all))

package: tree ## the built artifact, installed and used outside the checkout
	@$(VENV)/bin/python -m tools.package $(PLAYBOOKS)

importer: $(VENV)/.ok $(BUILD)/importer/.ok ## the artifact, taken in as Galaxy does
	@$(VENV)/bin/python -m tools.importer $(BUILD)/importer

copy: $(VENV)/.ok $(BUILD)/home/.ok
	@$(VENV)/bin/python -m tools.tree $(COPY)

tree: copy $(if $(filter $(CURDIR)/.build,$(BUILD)),$(BUILD)/home/.primed) ## the environment of the tests, and the checkout where collections lie

clean: ## remove all that was built
	rm -rf $(BUILD) .ansible .hypothesis .mypy_cache .ruff_cache .coverage changelogs/.plugin-cache.yaml

$(VENV)/.ok: requirements-dev.txt requirements-demo.txt
$(BUILD)/demo/.ok: requirements-demo.txt
$(BUILD)/sdk/.ok: requirements-sdk.txt
$(BUILD)/importer/.ok: requirements-importer.txt
$(VENV)/.ok $(BUILD)/demo/.ok $(BUILD)/sdk/.ok $(BUILD)/importer/.ok:
	@{ test -x $(@D)/bin/python || $(PY) -m venv $(@D); } >&2
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $< >&2
	@touch $@

# The environments of ansible-test sanity, which it makes by itself otherwise when it first runs; in the matrix it does.
$(BUILD)/home/.primed: $(VENV)/.ok $(BUILD)/home/.ok | copy
	@cd $(COPY) && $(ANSIBLE) $(SANITY) --prime-venvs > $(BUILD)/primed.txt 2>&1 || { cat $(BUILD)/primed.txt; false; }
	@touch $@

# The three names that ansible-core 2.16 to 2.22 look for in their cache before they download.
$(BUILD)/home/.ok: tools/get_pip_stub.py
	@for version in 23_1_2 24_2 25_2; do \
	  install -D -m 644 $< $(@D)/.ansible/test/cache/get_pip_$$version.py; \
	done
	@touch $@
