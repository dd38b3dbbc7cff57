import { once } from 'node:events';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { freePort } from '../../support/database/free-port.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { parseExposition, type Sample, seriesValue } from '../../support/telemetry/exposition.js';

// The server has no part in it: one kind will do.
describeOnServers('metrics of the daemon', oneServerKind, ({ open }) => {
  const ask = (port: number, path = '/metrics', method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { method });

  async function scrape(port: number): Promise<readonly Sample[]> {
    const response = await ask(port);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    return parseExposition(await response.text());
  }

  /** Scrapes until it says so: what is counted is counted after the log has it. */
  const until = (port: number, what: string, isSo: (samples: readonly Sample[]) => boolean) =>
    waitFor(what, async () => {
      const samples = await scrape(port);
      return isSo(samples) && samples;
    });

  it('the control socket has them without any configuration', async () => {
    const { path, watch } = await open('alpha');
    await watch();
    const response = await waitFor('the socket', () =>
      askSocket(path('control.sock')).catch(() => undefined),
    );
    expect(response.type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(seriesValue(parseExposition(response.text), 'monitor_service_stream_up')).toBe(1);
  });

  it('a scrape tells what happened, what is, and what the process needs', async () => {
    const { database, fleet, watchCalmly } = await open('alpha', 'broken');
    const port = await freePort();
    const daemon = await watchCalmly({
      metrics: { listen: `127.0.0.1:${port}` },
      monitor: { max_restart_failures: 1, circuit_reset_time: 300 },
      'process.default': { restart_delay: 0 },
    });
    const before = await scrape(port);
    await fleet.breakRestart('broken');
    await database.raise(1);
    await daemon.cleared('alpha');
    await database.raise(2);
    await daemon.waitForLine(/broken: note written/);

    const samples = await until(
      port,
      'one standing alarm',
      (seen) => seriesValue(seen, 'monitor_service_standing_alarms') === 1,
    );
    const value = (name: string, labels?: Record<string, string>) =>
      seriesValue(samples, `monitor_service_${name}`, labels);
    const growth = (name: string, labels?: Record<string, string>) =>
      (value(name, labels) ?? 0) - (seriesValue(before, `monitor_service_${name}`, labels) ?? 0);
    expect(value('up')).toBe(1);
    expect(value('stream_up')).toBe(1);
    expect(value('stream_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('table_readable')).toBe(1);
    expect(value('build_info', { version: manifest.version, node: process.version })).toBe(1);
    expect(value('alarms_total', { process: 'alpha', trigger: 'binlog' })).toBe(1);
    expect(value('cycles_total', { process: 'alpha', outcome: 'verified' })).toBe(1);
    expect(value('cycles_total', { process: 'broken', outcome: 'failed' })).toBe(1);
    const attempt = { process: 'broken', strategy: 'none', result: 'restart-failed' };
    expect(value('attempts_total', attempt)).toBe(2);
    expect(value('attempts_total', { process: 'alpha', strategy: 'custom', result: 'verified' })).toBe(1);
    expect(growth('reaction_seconds_count', { trigger: 'binlog' })).toBe(2);
    expect(growth('recovery_seconds_count', { trigger: 'binlog' })).toBe(1);
    expect(growth('restart_duration_seconds_count', { strategy: 'custom' })).toBe(1);
    // It has nothing to tell.
    expect(value('breaker_state', { process: 'alpha' })).toBeUndefined();
    expect(value('breaker_state', { process: 'broken', state: 'open' })).toBe(1);
    expect(value('breaker_failures', { process: 'broken' })).toBe(1);
    expect(value('alarm_standing_seconds', { process: 'broken' })).toBeGreaterThan(0);
    expect(value('pending_clears')).toBe(0);
    expect(value('cycles_running')).toBe(0);
    expect(seriesValue(samples, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(seriesValue(samples, 'process_open_fds')).toBeGreaterThan(3);
  });

  it('only /metrics is there, and only to be read', async () => {
    const { launch } = await open();
    const port = await freePort();
    await launch({ metrics: { listen: `127.0.0.1:${port}` } });
    await waitFor('the metrics', () => ask(port).catch(() => undefined));
    expect((await ask(port, '/')).status).toBe(404);
    expect((await ask(port, '/metrics?x=1')).status).toBe(200);
    expect((await ask(port, '/metrics', 'POST')).status).toBe(405);
    const head = await ask(port, '/metrics', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('R13, R22: a port that is taken is a warning; a reload moves it, and takes it away', async () => {
    const { database, launch, configure } = await open('alpha');
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const daemon = await launch({ metrics: { listen: `127.0.0.1:${port}` } });
    await daemon.waitForLine(/WARNING .*cannot serve the metrics over HTTP: .*EADDRINUSE/);
    await database.raise(1);
    await daemon.cleared('alpha');

    const free = await freePort();
    const reload = async (metrics: Readonly<Record<string, string>>): Promise<void> => {
      const from = daemon.lines().length;
      await daemon.rewriteConfig(configure({ metrics }));
      daemon.signal('SIGHUP');
      await daemon.waitForLine(/configuration reloaded/, { from });
    };
    await reload({ listen: `127.0.0.1:${free}` });
    expect((await scrape(free)).length).toBeGreaterThan(50);
    // The same port on all addresses: it must be left before it can be had.
    await reload({ listen: `0.0.0.0:${free}` });
    expect((await scrape(free)).length).toBeGreaterThan(50);
    await reload({});
    await expect(ask(free)).rejects.toThrow();
    expect(daemon.lines().filter((line) => / WARNING .*the metrics/.test(line))).toHaveLength(1);
  });

  describe('the textfile', () => {
    const read = async (file: string): Promise<readonly Sample[]> =>
      parseExposition(await readFile(file, 'utf8').catch(() => ''));
    const isUp = (samples: readonly Sample[]) => seriesValue(samples, 'monitor_service_up');

    it('is written at intervals, for all to read, with nothing that node_exporter has itself', async () => {
      const { database, launch, path } = await open('alpha');
      const file = path('monitor.prom');
      const daemon = await launch({ metrics: { textfile: file, textfile_interval: 1 } });
      await daemon.waitForLine(/watching the binlog/);
      await database.raise(1);
      await daemon.cleared('alpha');
      const samples = await waitFor('the cycle in the textfile', async () => {
        const seen = await read(file);
        return seriesValue(seen, 'monitor_service_cycles_total', { process: 'alpha' }) !== undefined && seen;
      });
      expect(isUp(samples)).toBe(1);
      expect(samples.filter(({ name }) => !name.startsWith('monitor_service_'))).toEqual([]);
      expect((await stat(file)).mode & 0o777).toBe(0o644);
      await daemon.stop();
      expect(isUp(await read(file))).toBe(0);
    });

    it('R13: what cannot be written is one warning, and is told when it can again', async () => {
      const { launch, path } = await open();
      const file = path('later/monitor.prom');
      const daemon = await launch({ metrics: { textfile: file, textfile_interval: 1 } });
      await daemon.waitForLine(/WARNING .*cannot write the metrics textfile: ENOENT/);
      await mkdir(path('later'));
      await daemon.waitForLine(/the metrics are written to .*monitor\.prom again/);
      expect(isUp(await read(file))).toBe(1);
      expect(daemon.lines().filter((line) => / WARNING .*the metrics/.test(line))).toHaveLength(1);
    });

    it('R22: a reload moves it; nobody would keep the old one true', async () => {
      const { launch, path, exists } = await open();
      const daemon = await launch({ metrics: { textfile: path('old.prom') } });
      await waitFor('the textfile', () => exists('old.prom'));
      await daemon.reload({ metrics: { textfile: path('new.prom') } });
      await waitFor('the new textfile', () => exists('new.prom'));
      expect(await exists('old.prom')).toBe(false);
    });
  });
});

/** As `curl --unix-socket` does. */
async function askSocket(socketPath: string): Promise<{ type: string | undefined; text: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ socketPath, path: '/metrics' }, resolve).on('error', reject);
  });
  return { type: response.headers['content-type'], text: await text(response) };
}
