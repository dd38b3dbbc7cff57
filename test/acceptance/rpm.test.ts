import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import {
  copyFiles,
  prepareDatabase,
  untilStreaming,
  writeConfig,
} from '../support/acceptance/install-service.js';
import { findOnly, findPids } from '../support/acceptance/processes.js';
import { buildNextPackage, buildPackage, buildStandIn, rpm } from '../support/acceptance/rpm-packages.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';
import { waitFor } from '../support/restart/wait-for.js';

const HOME = '/opt/monitor_service';
const CONFIG = `${HOME}/config.ini`;
const UNIT = 'monitor_service.service';
const LINK = '/usr/sbin/monitor_service';
const MAN_PAGE = '/usr/share/man/man8/monitor_service.8';
const DAEMON = '/opt/acme/daemon infinity';

describe('the RPM on a booted host', () => {
  let host: Host;
  let alarms: Alarms;
  let first: string;
  let next: string;

  beforeAll(async () => {
    host = await bootHost();
    alarms = new Alarms(host);
    // As RHEL has it: what a package brings is not enabled.
    await host.write('/etc/systemd/system-preset/99-default-disable.preset', 'disable *\n');
    await host.sh('install -D -m 0755 /bin/sleep /opt/acme/daemon');
    await writeUnits(host, {
      'good.service': '[Service]\nExecStart=/bin/sleep infinity\n',
      'bad.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    });
    first = await buildPackage(host);
    next = await buildNextPackage(host);
    // What every RHEL has, and this Debian as no RPM.
    const provided = '/bin/sh, coreutils, findutils, gawk, grep, sed, systemd, util-linux';
    const base = await buildStandIn(host, 'base', '1', [`Provides: ${provided}`]);
    expect(await rpm(host, '-i', base)).toEqual({ exitCode: 0, text: '' });
  });
  afterAll(() => host?.stop());

  async function stat(path: string): Promise<string> {
    return (await host.run('stat', '--format=%U:%G %a', path)).trim();
  }
  async function ask(...argv: readonly string[]): Promise<string> {
    return (await host.exec(argv)).stdout.trim();
  }
  const isActive = () => ask('systemctl', 'is-active', UNIT);
  const isEnabled = () => ask('systemctl', 'is-enabled', UNIT);
  const fragment = () => ask('systemctl', 'show', '--property=FragmentPath', '--value', UNIT);

  it('has nothing that rpmlint finds and packaging/monitor_service.rpmlintrc does not answer', async ({
    skip,
  }) => {
    const isThere = (await host.exec(['sh', '-c', 'command -v rpmlint'])).exitCode === 0;
    skip(!isThere, 'the rpmlint of Debian 11 reads no rpmlintrc');
    // Each version finds a little less or more: what is answered is held to what that of Debian 12 finds.
    const isNewer = (await ask('rpmlint', '--version')) !== '2.4.0';
    const { stdout } = await host.exec([
      ...['rpmlint', '--rpmlintrc', '/src/packaging/monitor_service.rpmlintrc'],
      ...(isNewer ? ['--ignore-unused-rpmlintrc', first] : [first]),
    ]);
    expect(stdout).toMatch(/1 packages and 0 specfiles checked; 0 errors, 0 warnings/);
  });

  it('is not installed without a Node.js that is new enough, whatever the epoch of an old one', async () => {
    const old = await buildStandIn(host, 'nodejs', '10.24.0', ['Epoch: 1']);
    const wanted = /nodejs >= 1:20\.19 .* is needed by monitor_service/;
    expect(await rpm(host, '-i', first)).toEqual({ exitCode: 1, text: expect.stringMatching(wanted) });
    expect(await rpm(host, '-i', old)).toEqual({ exitCode: 0, text: '' });
    expect(await rpm(host, '-i', first)).toEqual({ exitCode: 1, text: expect.stringMatching(wanted) });
    const enough = await buildStandIn(host, 'nodejs', '22.12.0', ['Epoch: 1']);
    expect(await rpm(host, '-U', enough)).toEqual({ exitCode: 0, text: '' });
  });

  it('puts everything in its place, unchanged and neither enabled nor started', async () => {
    expect(await rpm(host, '-i', first)).toEqual({ exitCode: 0, text: '' });
    expect(await rpm(host, '-V', 'monitor_service')).toEqual({ exitCode: 0, text: '' });
    expect(await stat(CONFIG)).toBe('root:root 600');
    expect(await stat(`${HOME}/bin/monitor_service`)).toBe('root:root 755');
    expect(await host.run('find', HOME, '-perm', '/022')).toBe('');
    expect(await isActive()).toBe('inactive');
    expect(await isEnabled()).toBe('disabled');
    const owners = await host.sh(
      `find ${HOME} -print0 | xargs -0 rpm -qf --queryformat '%{NAME}\\n' | sort -u`,
    );
    expect(owners).toBe('monitor_service\n');
    const version = await ask('monitor_service', '--version');
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await ask('rpm', '-q', 'monitor_service')).toBe(`monitor_service-${version}-1.noarch`);
    expect(await ask('rpm', '-q', '--changelog', 'monitor_service')).toContain(
      ` Process Monitor Service - ${version}-1\n`,
    );
    expect(await ask('rpm', '-qL', 'monitor_service')).toMatch(/licenses\/monitor_service\/LICENSES\.txt/);
    expect(await ask('rpm', '-qd', 'monitor_service')).toContain(MAN_PAGE);
  });

  it('has a bill of materials of exactly the packages that are in it', async () => {
    const sbom: unknown = JSON.parse(await host.read(`${HOME}/dist/sbom.cdx.json`));
    const named = (name: string) => expect.objectContaining({ name });
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      components: expect.arrayContaining([named('rxjs')]),
    });
    for (const name of (await host.run('ls', `${HOME}/node_modules`)).trim().split('\n'))
      if (!name.startsWith('@'))
        expect(sbom).toMatchObject({ components: expect.arrayContaining([named(name)]) });
    expect(sbom).not.toMatchObject({ components: expect.arrayContaining([named('typescript')]) });
  });

  it('is complete: the steps of docs/install.md lead to a service that answers alarms', async () => {
    await prepareDatabase(host);
    await writeConfig(host, {
      monitor: { max_restart_failures: 1 },
      'process.default': { restart_strategy: 'service', max_attempts: 1 },
      'process.good': { stable_for: 0 },
      'process.daemon': { restart_strategy: 'process', start_command: DAEMON },
      'process.slow': {
        ...{ restart_strategy: 'custom', health_check_command: 'true' },
        restart_command: '"echo begun >>/root/slow; sleep 3"',
      },
    });
    await host.run('systemctl', 'enable', '--now', UNIT);
    await untilStreaming(host);
    expect(await alarms.raiseAndSettle('good')).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect((await showUnit(host, 'good.service')).activeState).toBe('active');
    expect(await alarms.raiseAndSettle('daemon')).toMatchObject({ alarma: 0 });
  });

  it('upgrades under a running cycle, and keeps the edited config.ini, the breakers and the pauses', async () => {
    expect((await alarms.raiseAndSettle('bad')).notes).toMatch(/^FAILED /);
    await host.run('monitor_service', 'pause', 'good', '--for', '1h');
    const edited = await host.read(CONFIG);
    const before = await showUnit(host, UNIT);
    const daemon = await findOnly(host, DAEMON);
    await alarms.raise('slow');
    await waitFor(
      'the cycle of slow',
      async () => (await host.exec(['test', '-e', '/root/slow'])).exitCode === 0,
    );

    const { exitCode, text } = await rpm(host, '-U', next);
    expect(text).toMatch(/config\.ini created as .*config\.ini\.rpmnew/);
    expect(exitCode).toBe(0);
    expect(await alarms.settled('slow')).toEqual({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(await host.read('/root/slow')).toBe('begun\n');
    expect(await host.read(CONFIG)).toBe(edited);
    expect(await host.run('cmp', `${CONFIG}.rpmnew`, '/root/next/config/config.ini')).toBe('');
    expect(await stat(`${CONFIG}.rpmnew`)).toBe('root:root 600');
    expect((await rpm(host, '-V', 'monitor_service')).text).toMatch(
      /^\S+ +c \/opt\/monitor_service\/config\.ini\n$/,
    );

    const after = await showUnit(host, UNIT);
    expect(after.invocationId).not.toBe(before.invocationId);
    expect(await isEnabled()).toBe('enabled');
    await waitFor('the breaker of bad', async () =>
      /1 circuit open: bad/.test((await showUnit(host, UNIT)).statusText),
    );
    expect(await host.run('monitor_service', 'pause', 'list')).toMatch(/^ *good /m);
    expect(await findPids(host, DAEMON)).toEqual([daemon]);
  });

  it('erased, it leaves configuration, log and state, and what it has started lives on', async () => {
    const daemon = await findOnly(host, DAEMON);
    const edited = await host.read(CONFIG);
    const { exitCode, text } = await rpm(host, '-e', 'monitor_service');
    expect(text).toMatch(/config\.ini saved as .*config\.ini\.rpmsave/);
    expect(exitCode).toBe(0);
    expect(await isActive()).toBe('inactive');
    expect(await fragment()).toBe('');
    expect(await findPids(host, DAEMON)).toEqual([daemon]);
    expect((await host.run('ls', HOME)).trim().split('\n')).toEqual([
      'config.ini.rpmnew',
      'config.ini.rpmsave',
    ]);
    expect(await host.read(`${CONFIG}.rpmsave`)).toBe(edited);
    expect(await ask('ls', '/var/lib/monitor_service')).not.toBe('');
    expect(await ask('ls', '/var/log/monitor_service')).not.toBe('');
    expect(await rpm(host, '-e', 'monitor_service')).toMatchObject({ exitCode: 1 });
  });

  it('says so where the Node.js that runs is too old for it', async () => {
    await host.write('/usr/bin/node-18', '#!/bin/sh\necho v18.20.4\n', '0755');
    await host.sh('mount --bind /usr/bin/node-18 /usr/bin/node');
    const { exitCode, text } = await rpm(host, '-i', first);
    await host.sh('umount /usr/bin/node; rm /usr/bin/node-18');
    expect(text).toMatch(/needs Node\.js 20\.19 or newer.*\(18\.20\.4\)/);
    expect(exitCode).toBe(0);
    await host.run('rpm', '-e', 'monitor_service');
  });

  it('over a make install that nobody has edited: takes the place of all of it, and stays enabled', async () => {
    await host.run('mv', `${CONFIG}.rpmsave`, CONFIG);
    await copyFiles(host);
    // As an older version has left it.
    await host.sh(`mkdir ${HOME}/node_modules/old; echo >${HOME}/node_modules/old/index.js
      cd /; sha256sum .${HOME}/node_modules/old/index.js >>.${HOME}/installed.sha256`);
    const edited = await host.read(CONFIG);
    await host.run('systemctl', 'enable', '--now', UNIT);
    const before = await showUnit(host, UNIT);
    const { exitCode, text } = await rpm(host, '-i', next);
    expect(text).toMatch(/\/etc\/systemd\/system\/monitor_service\.service, .* is removed/);
    expect(text).toMatch(/config\.ini\.rpmnew/);
    expect(text).not.toMatch(/is kept|\.rpmsave/);
    expect(exitCode).toBe(0);
    expect(await host.read(CONFIG)).toBe(edited);
    expect(await isEnabled()).toBe('enabled');
    expect(await fragment()).toMatch(/\/lib\/systemd\/system\/monitor_service\.service$/);
    expect((await showUnit(host, UNIT)).invocationId).not.toBe(before.invocationId);
    expect(await isActive()).toBe('active');
    expect(await ask('ls', `${HOME}/node_modules/old`, `${HOME}/installed.sha256`)).toBe('');
    await host.run('rpm', '-e', 'monitor_service');
  });

  it('over a make install that somebody has edited: keeps what is edited, and tells of it', async () => {
    await host.run('mv', `${CONFIG}.rpmsave`, CONFIG);
    await copyFiles(host);
    await host.sh(`echo '# mine' >>/etc/systemd/system/${UNIT}
      echo '.\\" mine' >>${MAN_PAGE}; echo '-- mine' >>${HOME}/sql/setup.sql
      rm ${LINK}; printf '#!/bin/sh\\nexec ${HOME}/bin/monitor_service "$@"\\n' >${LINK}; chmod +x ${LINK}`);
    await host.run('systemctl', 'enable', '--now', UNIT);
    const { exitCode, text } = await rpm(host, '-i', next);
    expect(exitCode).toBe(0);
    const told = [...text.matchAll(/it is kept as (\S+)\.rpmsave/g)].map(([, file]) => file);
    expect(told.sort()).toEqual([`${HOME}/sql/setup.sql`, LINK, MAN_PAGE].sort());
    for (const file of [MAN_PAGE, `${HOME}/sql/setup.sql`]) {
      expect(await ask('tail', '-n', '1', `${file}.rpmsave`)).toContain('mine');
      expect(await ask('tail', '-n', '1', file)).not.toContain('mine');
    }
    expect(await ask('head', '-n', '1', `${LINK}.rpmsave`)).toBe('#!/bin/sh');
    expect(await ask('readlink', LINK)).toBe(`${HOME}/bin/monitor_service`);
    expect((await rpm(host, '-V', 'monitor_service')).text).toMatch(/^\S+ +c \S+config\.ini\n$/);

    expect(text).toMatch(/\/etc\/systemd\/system\/monitor_service\.service .*is kept/);
    expect(await fragment()).toBe(`/etc/systemd/system/${UNIT}`);
    const [, advice = ''] = /To use that of the package: (.*)/.exec(text) ?? [];
    await host.sh(advice);
    expect(await fragment()).toMatch(/\/lib\/systemd\/system\/monitor_service\.service$/);
    expect(await isEnabled()).toBe('enabled');
    expect(await isActive()).toBe('active');
  });
});
