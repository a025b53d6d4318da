# Two commands do everything: `make serve` and `make test`. What they do is in www/build/*.sh.
.PHONY: help serve test test-deep test-celery fuzz build sizes clean

help:
	@echo "make serve       install what is missing and serve the page on http://127.0.0.1:8080/"
	@echo "make test        install what is missing and run every test"
	@echo "make test-deep   the property tests with fifty times as many texts"
	@echo "make test-celery what cards and tables claim, tried with Celery 4.4.7, 5.3.6 and 5.7.0"
	@echo "make fuzz        every fuzz target for three minutes"
	@echo "make build       the page as static files in dist/"
	@echo "make sizes       sizes and times beside their budgets"

serve:
	@sh www/build/serve.sh

test:
	@sh www/build/test.sh

test-deep:
	CELERY_CHECKUP_ROUNDS=10000 cargo test --profile cli --test properties

test-celery:
	@sh www/build/celery.sh

fuzz:
	@sh www/build/fuzz.sh

build:
	@sh www/build/build.sh

sizes:
	@sh www/build/sizes.sh

clean:
	rm -rf dist target www/built www/node_modules tests/browser/node_modules tests/browser/out
