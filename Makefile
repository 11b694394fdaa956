# SPDX-License-Identifier: Apache-2.0
# ecert.  `make help` lists the targets; every variable below can be overridden.

PREFIX    ?= /usr/local
BINDIR    ?= $(PREFIX)/bin
DATADIR   ?= $(PREFIX)/share
MANDIR    ?= $(DATADIR)/man
LOCALEDIR ?= $(DATADIR)/locale
CC        ?= cc
CFLAGS    ?= -O2 -g
SAN       ?=#           SAN=address,undefined builds into a tree of its own
WERROR    ?=#           WERROR=1 for CI
V         ?=#           V=1 shows the commands

PKGS     = libcrypto jansson yaml-0.1 libzip libdeflate zlib libxml-2.0 harfbuzz harfbuzz-subset freetype2 \
           cairo libqrencode libpng
B        = build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
comma    = ,
Q        = $(if $(V),,@)
VERSION  = 0.1.0

WARN     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wwrite-strings -Wcast-qual -Wvla -Wformat=2 -Wundef -Wswitch-enum -Wconversion \
           -Wno-format-nonliteral $(if $(WERROR),-Werror)
HARDEN   = $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
ALL_CPPFLAGS = -I. -D_GNU_SOURCE -DECERT_VERSION='"$(VERSION)"' -DLOCALEDIR='"$(LOCALEDIR)"' \
           -DECERT_DATADIR='"$(DATADIR)/ecert"' $(CPPFLAGS)
PKG_CFLAGS  := $(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g')
PKG_LIBS    := $(shell pkg-config --libs $(PKGS))
ALL_CFLAGS   = -std=gnu17 -pthread $(WARN) $(HARDEN) $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
               -fno-omit-frame-pointer) $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS  = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS         = $(PKG_LIBS) -lm

CORE     := $(sort $(wildcard core/*/*.c))
FORMATS  := $(sort $(wildcard formats/*.c formats/*/*.c))
CMD      := $(sort $(wildcard cmd/*.c))
UNIT     := $(sort $(wildcard tests/unit/test_*.c))
FUZZ     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
HEADERS  := $(sort $(wildcard core/*/*.h formats/*.h formats/*/*.h cmd/*.h))
MAN      := $(patsubst man/%.in,$(B)/man/%,$(wildcard man/*.[157].in man/zh_CN/*.[157].in))
obj       = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all check fonts unit cli fuzz fuzzers fuzz-replay lint format bench valgrind analyze install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:

COMPLETIONS = $(patsubst completions/%,$(B)/%,$(wildcard completions/*))
CATALOGUE   = $(B)/locale/zh_CN/LC_MESSAGES/ecert.mo

all: $(B)/ecert $(CATALOGUE) $(COMPLETIONS) $(MAN) fonts ## build the program, its manual and its catalogue

$(B)/ecert: $(call obj,$(CMD)) $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(CATALOGUE): po/zh_CN.po
	$(Q)mkdir -p $(@D) && msgfmt -o $@ $<
$(B)/%: completions/%
	$(Q)mkdir -p $(@D) && cp $< $@
$(B)/man/%: man/%.in $(B)/ecert $(CATALOGUE)
	$(Q)mkdir -p $(@D) && $(B)/ecert --lang $(if $(findstring zh_CN,$@),zh_CN,en) __man \
		$(patsubst ecert-%.1,%,$(filter ecert-%.1,$(@F))) <$< >$@
$(B)/libcore.a: $(call obj,$(CORE))
$(B)/libformats.a: $(call obj,$(FORMATS))
$(B)/libcmd.a: $(filter-out $(B)/cmd/main.o,$(call obj,$(CMD)))
$(B)/%.a:
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/%.o: %.c Makefile
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/core/model/policy_builtin.o: $(wildcard templates/policies/*.yaml)

# Base fonts with TrueType outlines, cut from Debian's fonts-noto-cjk; without it ecert
# cuts from whatever font it finds at run time, more slowly.
NOTO     ?= /usr/share/fonts/opentype/noto
FONTS     = $(B)/fonts/song.ttf $(B)/fonts/hei.ttf
BASE     := $(B)/formats/face/fonts/make_base
fonts: $(FONTS)
$(B)/fonts/song.ttf: FROM = $(NOTO)/NotoSerifCJK-Regular.ttc
$(B)/fonts/hei.ttf: FROM = $(NOTO)/NotoSansCJK-Regular.ttc
$(FONTS): $(addprefix formats/face/,fonts/characters.txt fonts/make_base.c font.c font_quadratic.c) | $(BASE)
	$(Q)mkdir -p $(@D)
	$(Q)test -r $(FROM) || { echo "$(FROM) is missing (package fonts-noto-cjk): no $@" >&2; exit 0; }; \
	    $(BASE) $< $(FROM) $@
$(BASE): $(BASE).o $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# A core test links libcore alone: a reference upwards does not link.
TEST_LIBS := $(shell pkg-config --libs check 2>/dev/null)
$(B)/tests/unit/test_core_%: $(B)/tests/unit/test_core_%.o $(B)/tests/unit/main.o $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)
$(B)/tests/unit/test_formats_%: $(B)/tests/unit/test_formats_%.o $(B)/tests/unit/main.o $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)
$(B)/tests/unit/test_cmd_%: $(B)/tests/unit/test_cmd_%.o $(B)/tests/unit/main.o $(B)/libcmd.a $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Second opinions on what we write: independent checkers, and a page to be looked at.
JARS      = /usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
# And a library that makes writing fail, loaded in front of the C library by faults.bats.
# And one that changes licences in thousands of ways, for mutation.bats.
INTEROP  := $(B)/tests/interop/draw $(B)/tests/interop/Verify.class $(B)/tests/fault/fault.so $(B)/tests/mutation/mutate $(B)/tests/bench/meter
$(B)/tests/mutation/mutate: $(B)/tests/mutation/mutate.o $(B)/tests/mutation/package.o $(B)/libcmd.a $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/tests/fault/fault.so: tests/fault/fault.c
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu17 -D_GNU_SOURCE -O1 -g -shared -fPIC -o $@ $<
$(B)/tests/interop/draw: $(B)/tests/interop/draw.o $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/tests/interop/%.class: tests/interop/%.java
	$(Q)mkdir -p $(@D) && javac -Xlint:all,-path $(if $(WERROR),-Werror) -cp $(JARS) -d $(@D) $<

unit: $(patsubst %.c,$(B)/%,$(UNIT))        ## run the unit tests alone
	$(Q)prove --jobs 2 --source Executable --exec tests/run $^

fuzz-replay: $(patsubst %.c,$(B)/%,$(FUZZ)) ## run each fuzz target over its corpus
	$(Q)for t in $^; do $$t tests/fuzz/corpus/$${t##*/fuzz_}/* || exit 1; done

# Coverage-guided fuzzing, by hand and with clang: a tree of its own, built like the others.
# Each target begins from its corpus, with the dictionary of the form that it reads.
FUZZERS   = $(patsubst %.c,$(B)/%.fuzzer,$(FUZZ))
FUZZ_MAKE = $(MAKE) --no-print-directory CC=clang SAN=fuzzer-no-link,address,undefined CFLAGS='-O1 -g'
FUZZ_TREE = build-fuzzer-no-link-address-undefined
$(B)/tests/fuzz/fuzz_%.fuzzer: $(B)/tests/fuzz/fuzz_%.o $(B)/libformats.a $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) -pie -fsanitize=fuzzer,address,undefined $(LDFLAGS) -o $@ $^ $(LIBS)
fuzzers: $(FUZZERS)
fuzz:                                       ## fuzz all readers in turn with libFuzzer: make fuzz SECONDS=60
	$(Q)$(FUZZ_MAKE) fuzzers
	$(Q)tests/fuzz/run $(FUZZ_TREE)/tests/fuzz $(or $(SECONDS),60) $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ))
fuzz-%: tests/fuzz/fuzz_%.c                 ## fuzz one reader: make fuzz-zipfile SECONDS=60
	$(Q)$(FUZZ_MAKE) $(FUZZ_TREE)/tests/fuzz/fuzz_$*.fuzzer
	$(Q)tests/fuzz/run $(FUZZ_TREE)/tests/fuzz $(or $(SECONDS),60) $*

check: all lint $(INTEROP) $(patsubst %.c,$(B)/%,$(UNIT) $(FUZZ)) ## lint, unit tests, corpora and scenarios, one TAP summary
	$(Q)ECERT_DIR=$(abspath $(B)) prove --jobs 2 --source Executable --exec tests/run \
		$(patsubst %.c,$(B)/%,$(UNIT)) $(patsubst %.c,$(B)/%,$(FUZZ)) $(sort $(wildcard tests/cli/*.bats))

cli: all $(INTEROP)                         ## run the scenarios alone
	$(Q)ECERT_DIR=$(abspath $(B)) prove --jobs 2 --exec tests/run $(sort $(wildcard tests/cli/*.bats))

lint: all                                   ## layering, parity, self-contained headers, sizes, catalogue, shell, manual
	$(Q)find core formats cmd -name '*.[ch]' | sort | xargs tests/lint/layers.awk
	$(Q)find core formats cmd tests -name '*.[ch]' | sort | xargs tests/lint/size.awk
	$(Q)tests/lint/parity.sh
	$(Q)tests/lint/findings.sh
	$(Q)tests/lint/provoked.sh
	$(Q)tests/lint/catalogue.sh
	$(Q)for h in $(HEADERS); do \
		$(CC) $(ALL_CPPFLAGS) $(PKG_CFLAGS) -std=gnu17 -Wall -Wextra -Werror -fsyntax-only -include "$$h" -x c /dev/null || exit 1; done
	$(Q)shellcheck --severity=warning quickstart .ci/run po/extract po/update tests/lint/*.sh tests/run tests/bench/run tests/fuzz/run tests/valgrind/run
	$(Q)shellcheck --severity=warning --shell=bash completions/ecert.bash tests/cli/common.bash
	$(Q)shellcheck --severity=error tests/cli/*.bats
	$(Q)for m in $(MAN); do groff -mdoc -Tutf8 -Kutf8 -ww -z $$m 2>&1 | sed "s,^,$$m: ," | grep . && exit 1; done; true

$(B)/tests/bench/meter: $(B)/tests/bench/meter.o $(B)/libcore.a
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

bench: all $(B)/tests/bench/meter           ## figures as ratios against the crypto floor: make bench [BENCH=name]
	$(Q)ECERT_DIR=$(B) BENCH=$(BENCH) tests/bench/run

valgrind: all                               ## the main line under valgrind
	$(Q)ECERT_DIR=$(B) tests/valgrind/run

analyze: all                                ## cppcheck, which must be quiet, and clang-tidy, which may be wrong
	$(Q)cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
		--suppress=normalCheckLevelMaxBranches --suppress=unknownMacro --suppress=internalAstError \
		--suppress=uninitvar --suppress=ctuuninitvar --suppress=varFuncNullUB -I. core formats cmd
	-$(Q)clang-tidy --quiet \
		--checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-clang-analyzer-valist.Uninitialized,-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-bugprone-suspicious-include,-bugprone-branch-clone' \
		$(CORE) $(FORMATS) $(CMD) -- -std=gnu17 $(ALL_CPPFLAGS) $(PKG_CFLAGS)

format:                                     ## clang-format every C file
	$(Q)find core formats cmd tests -name '*.[ch]' | xargs clang-format -i

install: all                                ## install under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/ecert/completions
	install -m 755 $(B)/ecert $(DESTDIR)$(BINDIR)/ecert
	install -m 644 completions/* $(DESTDIR)$(DATADIR)/ecert/completions
	install -D -m 644 completions/ecert.bash $(DESTDIR)$(DATADIR)/bash-completion/completions/ecert
	install -D -m 644 completions/_ecert $(DESTDIR)$(DATADIR)/zsh/site-functions/_ecert
	install -D -m 644 completions/ecert.fish $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/ecert.fish
	install -D -m 644 $(CATALOGUE) $(DESTDIR)$(LOCALEDIR)/zh_CN/LC_MESSAGES/ecert.mo
	for f in $(FONTS); do test ! -r $$f || install -D -m 644 -t $(DESTDIR)$(DATADIR)/ecert/fonts $$f; done
	cd templates && find . -type f -exec install -D -m 644 {} $(DESTDIR)$(DATADIR)/ecert/templates/{} \;
	cd $(B)/man && find . -name '*.[157]' | while read -r m; do \
		s=$${m##*.}; case $$m in ./zh_CN/*) d=zh_CN/man$$s;; *) d=man$$s;; esac; \
		install -D -m 644 "$$m" "$(DESTDIR)$(MANDIR)/$$d/$${m##*/}"; done

uninstall:                                  ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/ecert $(DESTDIR)$(DATADIR)/bash-completion/completions/ecert \
		$(DESTDIR)$(DATADIR)/zsh/site-functions/_ecert $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/ecert.fish \
		$(DESTDIR)$(LOCALEDIR)/zh_CN/LC_MESSAGES/ecert.mo $(DESTDIR)$(MANDIR)/man[157]/ecert*.[157] \
		$(DESTDIR)$(MANDIR)/zh_CN/man[157]/ecert*.[157]
	rm -rf $(DESTDIR)$(DATADIR)/ecert

clean:                                      ## remove everything built
	rm -rf build build-*

help:                                       ## this list
	@sed -n 's/^\([a-z%-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile

-include $(patsubst %.o,%.d,$(call obj,$(CORE) $(FORMATS) $(CMD) $(UNIT) $(FUZZ) formats/face/fonts/make_base.c tests/unit/main.c tests/fuzz/replay.c tests/bench/meter.c tests/interop/draw.c tests/mutation/mutate.c tests/mutation/package.c))
