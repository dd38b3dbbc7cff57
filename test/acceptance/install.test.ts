import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { copyFiles, journal, prepareDatabase, writeConfig } from '../support/acceptance/install-service.js';
import { showUnit } from '../support/acceptance/unit-run.js';

const HOME = '/opt/monitor_service';
const CONFIG = `${HOME}/config.ini`;
const UNIT_FILE = '/etc/systemd/system/monitor_service.service';

describe('installation on a booted host', () => {
  let host: Host;

  beforeAll(async () => {
    host = await bootHost();
  });
  afterAll(() => host?.stop());

  async function stat(path: string): Promise<string> {
    return (await host.run('stat', '--format=%U:%G %a', path)).trim();
  }
  async function exists(path: string): Promise<boolean> {
    return (await host.exec(['test', '-e', path])).exitCode === 0;
  }

  it('puts everything where the documentation names it, with its owner and mode', async () => {
    await copyFiles(host);
    expect(await stat(HOME)).toBe('root:root 755');
    expect(await stat(CONFIG)).toBe('root:root 600');
    expect(await stat(UNIT_FILE)).toBe('root:root 644');
    expect(await stat(`${HOME}/sql/setup.sql`)).toBe('root:root 644');
    expect(await stat(`${HOME}/bin/monitor_service`)).toBe('root:root 755');
    expect(await stat(`${HOME}/test_alarm.sh`)).toBe('root:root 755');
    expect(await stat('/usr/share/man/man8/monitor_service.8')).toBe('root:root 644');
    expect(await host.run('find', HOME, '-perm', '/022')).toBe('');
    expect(await host.run('monitor_service', '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('brings no package but those that the bundle leaves out, with what they need', async () => {
    const packages = await host.run('ls', `${HOME}/node_modules`);
    expect(packages).toMatch(/^mysql2$/m);
    expect(packages).toMatch(/^iconv-lite$/m);
    expect(packages).not.toMatch(/^(vitest|typescript|tsx|esbuild|@types|rxjs|pino|zod)$/m);
  });

  it('is complete: the steps of the README lead to a running service', async () => {
    await prepareDatabase(host);
    await writeConfig(host, {});
    await host.run('systemctl', 'enable', '--now', 'monitor_service');
    expect((await showUnit(host, 'monitor_service.service')).activeState).toBe('active');
    // Where the documentation of the Bash service has it.
    expect(await host.sh(`echo 1 | ${HOME}/test_alarm.sh`)).toMatch(/PROCESE has no process|^id +process/m);
  });

  it('never replaces an edited config.ini: the new one goes beside it, as private', async () => {
    const edited = await host.read(CONFIG);
    expect(await copyFiles(host)).toMatch(/kept config\.ini/);
    expect(await host.read(CONFIG)).toBe(edited);
    expect(await host.run('cmp', `${CONFIG}.new`, '/src/config/config.ini')).toBe('');
    expect(await stat(`${CONFIG}.new`)).toBe('root:root 600');
  });

  it('is idempotent', async () => {
    const list = () =>
      host.sh(`cd ${HOME}; find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
      find . -printf '%p %M %u\\n' | sort | sha256sum`);
    await copyFiles(host);
    const first = await list();
    await copyFiles(host);
    expect(await list()).toBe(first);
  });

  it('leaves the running service alone, and a restart of it works', async () => {
    const before = await showUnit(host, 'monitor_service.service');
    await copyFiles(host);
    const after = await showUnit(host, 'monitor_service.service');
    expect(after.invocationId).toBe(before.invocationId);
    await host.run('systemctl', 'restart', 'monitor_service');
  });

  it('takes the first Node.js that is new enough: of the distribution, by version, on PATH', async () => {
    await host.write('/usr/bin/node-18', '#!/bin/sh\necho v18.20.4\n', '0755');
    await host.write('/usr/bin/node-24', '#!/bin/sh\necho v24.3.0\n', '0755');
    expect(await host.run(`${HOME}/bin/find_node`)).toBe('/usr/bin/node\n');
    await host.sh('mount --bind /usr/bin/node-18 /usr/bin/node');
    expect(await host.run(`${HOME}/bin/find_node`)).toBe('/usr/bin/node-24\n');
    await host.run('rm', '/usr/bin/node-24');
    await host.write('/opt/node/bin/node', '#!/bin/sh\necho v20.19.0\n', '0755');
    expect(await host.sh(`PATH=/opt/node/bin:$PATH ${HOME}/bin/find_node`)).toBe('/opt/node/bin/node\n');
  });

  it('stops with a clear error where no Node.js is new enough, before it builds or copies anything', async () => {
    await host.write('/opt/node/bin/node', '#!/bin/sh\necho v20.18.3\n', '0755');
    for (const target of ['all', 'install']) {
      const { exitCode, stdout, stderr } = await host.exec([
        ...['env', 'PATH=/opt/node/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        ...['make', '-C', '/src', target, 'DESTDIR=/tmp/nothing'],
      ]);
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/needs Node\.js 20\.19 or newer/);
      expect(stderr).toMatch(/\/usr\/bin\/node \(18\.20\.4\).*\/opt\/node\/bin\/node \(20\.18\.3\)/);
      expect(stdout).not.toContain('npm');
    }
    expect(await exists('/tmp/nothing')).toBe(false);
    await host.sh('umount /usr/bin/node; rm /usr/bin/node-18');
  });

  it('with DESTDIR and PREFIX touches nothing else, and the unit names the other prefix', async () => {
    await copyFiles(host, 'DESTDIR=/tmp/package', 'PREFIX=/usr/lib/monitor_service');
    const unit = await host.read(`/tmp/package${UNIT_FILE}`);
    expect(unit).toMatch(/^ExecStart=\/usr\/lib\/monitor_service\/bin\/monitor_service run /m);
    expect(unit).not.toContain('/opt/monitor_service');
    expect(await exists('/usr/lib/monitor_service')).toBe(false);
    const program = await host.run('readlink', '/tmp/package/usr/sbin/monitor_service');
    expect(program).toBe('/usr/lib/monitor_service/bin/monitor_service\n');
  });

  it('for a systemd before 245 the unit has none of the directives that came with it', async () => {
    await host.write('/usr/local/bin/systemctl', '#!/bin/sh\necho "systemd 239 (239-82.el8)"\n', '0755');
    await copyFiles(host, 'DESTDIR=/tmp/el8');
    await host.run('rm', '/usr/local/bin/systemctl');
    const unit = await host.read(`/tmp/el8${UNIT_FILE}`);
    expect(unit).not.toMatch(/ProtectClock|ProtectHostname|ProtectKernelLogs|RestrictSUIDSGID|245/);
    expect(unit).toMatch(/^SystemCallFilter=/m);
    expect(unit).toMatch(/^\[Install\]\nWantedBy=/m);
  });

  it('uninstall leaves configuration, logs and state', async () => {
    await host.run('make', '-C', '/src', 'uninstall');
    expect((await host.run('ls', '-A', HOME)).trim()).toBe('config.ini');
    expect(await exists('/var/log/monitor_service/current.log')).toBe(true);
    expect(await exists('/var/lib/monitor_service')).toBe(true);
    expect(await exists(UNIT_FILE)).toBe(false);
    expect(await exists('/usr/sbin/monitor_service')).toBe(false);
    expect((await host.exec(['systemctl', 'is-active', 'monitor_service'])).stdout).toBe('inactive\n');
    expect(await journal(host)).toMatch(/INFO\s+monitor_service: stopped/);
  });

  it('an install after it finds the old configuration, and uninstall with PURGE=1 leaves nothing', async () => {
    const edited = await host.read(CONFIG);
    await copyFiles(host);
    expect(await host.read(CONFIG)).toBe(edited);
    await host.run('make', '-C', '/src', 'uninstall', 'PURGE=1');
    const { stdout } = await host.exec([
      ...['find', '/opt', '/etc', '/usr/sbin', '/usr/share/man', '/var/log', '/var/lib', '/run/systemd'],
      ...['-name', 'monitor_service*', '-not', '-path', '/etc/mysql/*'],
    ]);
    expect(stdout).toBe('');
  });
});
