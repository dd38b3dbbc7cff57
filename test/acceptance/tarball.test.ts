import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../support/acceptance/alarms.js';
import { bootHost, type Host } from '../support/acceptance/host.js';
import { prepareDatabase, untilStreaming, writeConfig } from '../support/acceptance/install-service.js';
import { showUnit, writeUnits } from '../support/acceptance/unit-run.js';

const HOME = '/opt/monitor_service';
const UNIT = 'monitor_service.service';
const LIST =
  "find . -type f -printf '%P %m\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum";

/** The host has no npm, and no network but its own loopback. */
describe('the tar.gz on a booted host without a registry', () => {
  let host: Host;
  let unpacked: string;

  beforeAll(async () => {
    host = await bootHost();
    const tarball = (await host.run('/src/packaging/build-tarball.sh', '--output', '/root')).trim();
    // What make install of the checkout puts there, to compare it with.
    await host.run('make', '-C', '/src', 'install', 'DESTDIR=/root/of-checkout');
    // So that nothing can be taken from the checkout any more.
    await host.sh('umount -l /src');
    await host.sh(`cd /root; tar xzf ${tarball}`);
    unpacked = tarball.replace(/\.tar\.gz$/, '');
  });
  afterAll(() => host?.stop());

  it('is of the version that its name says, and belongs to root', async () => {
    const version = await host.run('node', `${unpacked}/dist/main.js`, '--version');
    expect(unpacked).toBe(`/root/monitor_service-${version.trim()}`);
    expect(await host.run('find', unpacked, '-not', '-user', 'root')).toBe('');
    expect(await host.run('find', unpacked, '-perm', '/022')).toBe('');
  });

  it('is built already: make has nothing to do', async () => {
    expect((await host.exec(['sh', '-c', 'command -v npm'])).stdout).toBe('');
    expect(await host.sh("sed -n 's/^ *\\([a-z0-9]*\\):.*/\\1/p' /proc/net/dev")).toBe('lo\n');
    expect(await host.run('make', '-C', unpacked)).toMatch(/built already: sudo make install/);
  });

  it('make install puts the same files there as that of a checkout', async () => {
    await host.run('make', '-C', unpacked, 'install');
    const list = (prefix: string) => host.sh(`cd ${prefix}${HOME}; ${LIST}`);
    expect(await list('')).toBe(await list('/root/of-checkout'));
    const sums = await host.exec(['sh', '-c', `cd / && sha256sum --check --quiet ${HOME}/installed.sha256`]);
    expect(sums).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('the steps of docs/install.md lead to a service that answers alarms', async () => {
    await writeUnits(host, { 'good.service': '[Service]\nExecStart=/bin/sleep infinity\n' });
    await prepareDatabase(host);
    await writeConfig(host, { 'process.good': { restart_strategy: 'service', stable_for: 0 } });
    await host.run('systemctl', 'enable', '--now', UNIT);
    await untilStreaming(host);
    expect(await new Alarms(host).raiseAndSettle('good')).toMatchObject({ alarma: 0 });
    expect((await showUnit(host, 'good.service')).activeState).toBe('active');
  });

  it('make uninstall removes it', async () => {
    await host.run('make', '-C', unpacked, 'uninstall');
    expect((await host.run('ls', '-A', HOME)).trim()).toBe('config.ini');
  });
});
