# Builds and installs the Process Monitor Service.
#
#   make                    build, with the Node.js packages of package-lock.json; in the unpacked tar.gz all is built already
#   sudo make install       copy everything into place; safe to repeat, also over a running service
#   sudo make uninstall     leaves config.ini, logs and state; with PURGE=1 these go too
#
# DESTDIR is put before every path (packaging); PREFIX is where the service lives.

PREFIX = /opt/monitor_service
DESTDIR =
SBINDIR = /usr/sbin
MANDIR = /usr/share/man
UNITDIR = /etc/systemd/system
PURGE = 0

UNIT = monitor_service.service
HOME_DIR = $(DESTDIR)$(PREFIX)
STAGING = $(HOME_DIR)/.staging
CONFIG = $(HOME_DIR)/config.ini
LOG_DIR = $(DESTDIR)/var/log/monitor_service
STATE_DIR = $(DESTDIR)/var/lib/monitor_service
MAN_PAGE = $(MANDIR)/man8/monitor_service.8
# What install puts under PREFIX, config.ini aside.
CONTENTS = bin dist node_modules sql test_alarm.sh package.json LICENSE
# The checksums of all of it, unit and man page too: what does not match has been edited since.
MANIFEST = $(PREFIX)/installed.sha256
# This very machine is meant, and systemd runs here.
ON_THIS_MACHINE = [ -z '$(DESTDIR)' ] && [ -d /run/systemd/system ]

# The tar.gz has no package-lock.json.
all:
	@bin/find_node >/dev/null
	@if [ ! -e package-lock.json ] && [ -f dist/packages.txt ]; then echo 'built already: sudo make install'; else \
		$(MAKE) --no-print-directory build; fi

build:
	@command -v npm >/dev/null || { echo 'make needs npm: dnf install npm, or apt-get install npm' >&2; exit 69; }
	npm ci
	"$$(bin/find_node)" build.mjs

install: stage
	@if [ -z '$(DESTDIR)' ] && [ "$$(readlink '$(UNITDIR)/$(UNIT)')" = /dev/null ]; then \
		echo '$(UNITDIR)/$(UNIT) is masked: systemctl unmask monitor_service, then make install again' >&2; exit 1; fi
	# One rename each: the running service never meets half of a new version.
	rm -rf '$(HOME_DIR)/.old' && mkdir '$(HOME_DIR)/.old'
	cd '$(HOME_DIR)' && for part in $(CONTENTS); do \
		if [ -e "$$part" ]; then mv "$$part" .old/; fi && mv ".staging/$$part" . || exit 1; \
	done
	rm -rf '$(HOME_DIR)/.old' '$(STAGING)'
	$(INSTALL_CONFIG)
	install -d -m 0755 '$(DESTDIR)$(UNITDIR)' '$(DESTDIR)$(SBINDIR)'
	sed -e 's,/opt/monitor_service/,$(PREFIX)/,g' $(OLD_SYSTEMD_EDIT) systemd/$(UNIT) \
		>'$(DESTDIR)$(UNITDIR)/$(UNIT)'
	chmod 0644 '$(DESTDIR)$(UNITDIR)/$(UNIT)'
	ln -sfn '$(PREFIX)/bin/monitor_service' '$(DESTDIR)$(SBINDIR)/monitor_service'
	install -D -m 0644 man/monitor_service.8 '$(DESTDIR)$(MAN_PAGE)'
	cd '$(DESTDIR)/' && find $(CONTENTS:%='.$(PREFIX)/%') '.$(UNITDIR)/$(UNIT)' '.$(MAN_PAGE)' -type f -print0 | \
		LC_ALL=C sort -z | xargs -0 sha256sum >'.$(MANIFEST)' && chmod 0644 '.$(MANIFEST)'
	# SELinux: what was copied has the label of where it came from.
	if [ -z '$(DESTDIR)' ] && command -v restorecon >/dev/null; then \
		restorecon -R '$(PREFIX)' '$(UNITDIR)/$(UNIT)' || true; fi
	if $(ON_THIS_MACHINE); then systemctl daemon-reload; fi
	@if $(ON_THIS_MACHINE) && systemctl -q is-active $(UNIT); then \
		echo 'the service still runs the version before: systemctl restart monitor_service'; fi
	@echo 'installed in $(HOME_DIR); now edit $(PREFIX)/config.ini and: systemctl enable --now monitor_service'

stage:
	@bin/find_node >/dev/null
	@[ -f dist/packages.txt ] && [ -d node_modules ] || { echo 'not built yet: run make first, without sudo' >&2; exit 1; }
	install -d -m 0755 '$(HOME_DIR)'
	rm -rf '$(STAGING)'
	install -d -m 0755 '$(STAGING)/bin'
	install -m 0755 bin/find_node '$(STAGING)/bin/find_node'
	install -m 0755 bin/monitor_service.sh '$(STAGING)/bin/monitor_service'
	install -m 0755 test_alarm.sh '$(STAGING)/test_alarm.sh'
	cp -R dist sql '$(STAGING)/'
	install -m 0644 package.json LICENSE '$(STAGING)/'
	# What the bundle does not contain, and what that needs: the build made the list.
	while read -r package; do \
		mkdir -p "$(STAGING)/$${package%/*}" && cp -R "$$package" "$(STAGING)/$$package" || exit 1; \
	done <dist/packages.txt
	chmod -R u=rwX,go=rX '$(STAGING)'
	# Some packages are published with files that need not be executable.
	find '$(STAGING)/node_modules' -type f -exec chmod 0644 {} +

# An edited config.ini is never replaced: a new one that differs goes beside it.
define INSTALL_CONFIG
if [ ! -e '$(CONFIG)' ]; then install -m 0600 config/config.ini '$(CONFIG)'; \
	elif cmp -s config/config.ini '$(CONFIG)'; then rm -f '$(CONFIG).new'; \
	else install -m 0600 config/config.ini '$(CONFIG).new' && echo 'kept config.ini; the new one is $(CONFIG).new'; fi
endef

# A systemd that is older than the version that the head of a block names does not know its directives and would complain.
OLD_SYSTEMD_EDIT = $$(systemctl --version 2>/dev/null | \
	awk 'NR == 1 && $$2 + 0 > 0 { split("245 254", all); for (i in all) if ($$2 + 0 < all[i]) \
		print "-e", "/^..For.systemd." all[i] "/,/^$$/d" }')

uninstall:
	if $(ON_THIS_MACHINE) && [ -e '$(UNITDIR)/$(UNIT)' ]; then systemctl disable --now $(UNIT); fi
	rm -f '$(DESTDIR)$(UNITDIR)/$(UNIT)' '$(DESTDIR)$(SBINDIR)/monitor_service' '$(DESTDIR)$(MAN_PAGE)'
	if [ -d '$(HOME_DIR)' ]; then cd '$(HOME_DIR)' && rm -rf $(CONTENTS) $(notdir $(MANIFEST)) config.ini.new .staging .old; fi
	if [ '$(PURGE)' = 1 ]; then \
		rm -rf '$(CONFIG)' '$(LOG_DIR)' '$(STATE_DIR)' '$(DESTDIR)$(UNITDIR)/$(UNIT).d'; \
		if [ -L '$(LOG_DIR).log' ]; then rm '$(LOG_DIR).log'; fi; \
	fi
	if [ -d '$(HOME_DIR)' ]; then rmdir --ignore-fail-on-non-empty '$(HOME_DIR)'; fi
	if $(ON_THIS_MACHINE); then systemctl daemon-reload; fi

.PHONY: all build install stage uninstall
