# `make` sets everything up and makes both documents; `make help` lists the rest.
PYTHON ?= python3
export PYTHON
run := .venv/bin/python

.PHONY: all test quick nightly pictures distribution-demo bench lock clean distclean help

all:
	@requirements/setup.sh run
	@$(run) generate.py

# With CHECKED=yes only the tests: formats, imports and types are the same on every machine, and were looked at elsewhere.
tests := -n auto --maxprocesses 8 --dist worksteal
test:
	@requirements/setup.sh test
ifdef CHECKED
	$(run) -m pytest $(tests)
else
	$(run) -m ruff format --check .
	$(run) -m ruff check .
	.venv/bin/lint-imports
	$(run) tests/beside.py $(tests)
endif

# While one writes: what is neither slow nor a run of the whole program.
quick:
	@requirements/setup.sh test
	$(run) -m pytest $(tests) -m "not slow and not whole"

# Every test on both papers, with thirty times as many random examples; about ten minutes of them are harmed content,
# pictures and PDFs.
nightly:
	@requirements/setup.sh test
	$(run) -m pytest $(tests) --hypothesis-profile=nightly

pictures:
	@requirements/setup.sh test
	@$(run) generate.py --quiet --use all --draft
	@$(run) generate.py build --quiet examples
	@$(run) examples/distribution/demo.py build/distribution-demo >/dev/null
	@$(run) docs/pictures.py

# Copies, labels, letters and lists for 60 invented recipients, in build/distribution-demo.
distribution-demo:
	@requirements/setup.sh run
	@$(run) examples/distribution/demo.py build/distribution-demo

bench:
	@requirements/setup.sh bench
	@$(run) -m bench.run

# The newest versions that pyproject.toml allows, with hashes for every system; needs uv.
lock := uv pip compile -q --no-config --upgrade --universal --generate-hashes --python-version 3.11 --no-header --no-annotate
lock:
	$(lock) pyproject.toml -o requirements/run.lock
	$(lock) pyproject.toml --extra test -o requirements/test.lock
	echo "$$(sed -n 's/^bench = \["\(.*\)"\]/\1/p' pyproject.toml)" | $(lock) - -o requirements/bench.lock

clean:
	find build -mindepth 1 ! -name .gitignore -delete
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/briefing"  # drawings and proofs that were kept, of all its copies
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv

help:
	@echo "make            make the policy brief and the fact sheet"
	@echo "make test       check the code and run all tests"
	@echo "make quick      run the tests that take no time"
	@echo "make nightly    run all tests on both papers with many more random examples"
	@echo "make pictures   make the pictures in docs/ and examples/ from the documents"
	@echo "make bench      measure, and compare with other typesetters"
	@echo "make lock       renew the versions in requirements/ (needs uv)"
	@echo "make clean      remove what was made; make distclean removes .venv too"
