# "make demo" and "make test" are all that a fresh machine needs.

SHELL := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS := -X github.com/linnet-mail/linnet/app.release=$(VERSION) -X github.com/linnet-mail/linnet/app.commit=$(COMMIT)
# What Linnet is registered as with providers that want a sign-in in the browser:
# "google=ID:SECRET,microsoft=ID,yahoo=ID,aol=ID,fastmail=ID". Without it people
# are shown other ways.
OAUTH_CLIENTS ?=
LDFLAGS += $(if $(OAUTH_CLIENTS),-X github.com/linnet-mail/linnet/app.clients=$(OAUTH_CLIENTS))
FUZZTIME ?= 20s

.PHONY: help demo test test-slow run build race bench bench-large lint screenshots corpus fuzz fidelity clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: ## install what is missing, build, open the window on the built-in demo server
	@dev/setup demo
	@$(MAKE) --no-print-directory build
	@dev/demo

# Away from Debian and Ubuntu dev/setup says what to install; the tests that need
# it skip (which go test would remember: so nothing is taken from its cache). On a
# continuous-integration machine nothing may be missing.
test: ## install what is missing, run every test against real servers
	@dev/setup test || [ "$$CI" != true ]
	go test -count 1 -p 2 -timeout 14m ./...

test-slow: ## also the tests that take minutes
	@dev/setup test || [ "$$CI" != true ]
	LINNET_SLOW=1 go test -count 1 -p 2 -timeout 60m ./...

run: build ## build and start Linnet with your own profile
	build/linnet

build: ## build/linnet
	@mkdir -p build
	go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o build/linnet .

race: ## the tests that are not slow, under the race detector
	@dev/setup test || [ "$$CI" != true ]
	go test -count 1 -race -short -p 2 -timeout 20m ./...

bench: ## ratios measured in one run on this machine, with 100,000 messages
	@dev/setup bench || [ "$$CI" != true ]
	@dev/bench

bench-large: ## the same with 500,000
	@dev/setup bench || [ "$$CI" != true ]
	@dev/bench 500000

lint: ## gofumpt, go vet, staticcheck; accounts and mailcore on Windows and macOS
	@dev/lint

screenshots: ## pictures of every view, light and dark, at 100 % and 200 %, in docs/pictures
	@dev/setup demo
	@$(MAKE) --no-print-directory build
	@dev/screenshots

corpus: ## LINNET_CORPUS=DIR: all messages below DIR through Dovecot and the engine
	@[ -n "$(LINNET_CORPUS)" ] || { echo "say where the messages are: LINNET_CORPUS=DIR make corpus" >&2; exit 2; }
	@dev/setup test || [ "$$CI" != true ]
	LINNET_CORPUS='$(abspath $(LINNET_CORPUS))' go test ./mailcore/engine -run '^TestCorpus$$' -count 1 -v -timeout 30m

fuzz: ## every fuzz target for FUZZTIME (20s)
	@dev/fuzz $(FUZZTIME)

fidelity: ## with Chromium installed: its geometry of the test mails anew, then compare
	go run ./dev/fidelity mailcore/htmlpage/testdata/mails
	go test ./mailcore/htmlpage -run 'Fidelity' -count 1 -v

clean: ## remove build/
	rm -rf build
