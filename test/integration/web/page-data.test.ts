import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { RESTART_LINE } from '../../../src/control/replies.js';
import { ALARM_REPLY } from '../../../src/web/contract/alarms.js';
import { LIVE_EVENTS, type Snapshot } from '../../../src/web/contract/live.js';
import { CHARTS, HISTORY_PAGE } from '../../../src/web/contract/past.js';
import {
  PROCESS_DETAIL,
  PROCESS_PAGE,
  type ProcessPage,
  type ProcessRow,
} from '../../../src/web/contract/processes.js';
import { SESSION } from '../../../src/web/contract/session.js';
import { freePort } from '../../support/database/free-port.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnDaemon } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { PageClient } from '../../support/web/page-client.js';
import { PASSWORD, writeUsers } from '../../support/web/web-scene.js';

const HOSTILE = '<img src=x onerror=alert(1)>';

/** What a route answers must be what its schema says, with nothing beside it. */
function parseStrictly<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.parse(value);
  expect(value).toEqual(parsed);
  return parsed;
}

const port = await freePort();
describeOnDaemon(
  'what the page is told',
  oneServerKind,
  {
    processes: ['alpha', 'beta', HOSTILE, 'broken'],
    config: {
      web: { listen: `127.0.0.1:${port}`, password_file: 'web-users' },
      monitor: { max_restart_failures: 1, circuit_reset_time: 300 },
      'process.beta': { escalation_command: 'true --password=hunter22', max_attempts: 3 },
    },
    prepare: (scene) => writeUsers(scene),
  },
  ({ scene, daemon }) => {
    const anybody = new PageClient(port);
    const anna = new PageClient(port);
    beforeAll(async () => {
      await daemon.waitForLine(/the page is at http:\/\/127\.0\.0\.1:/);
      await anna.logIn('anna', PASSWORD);
    });
    const rowOf = async (name: string, client = anna): Promise<ProcessRow | undefined> => {
      const { json } = await client.ask(`/api/processes?search=${encodeURIComponent(name)}`);
      return parseStrictly(PROCESS_PAGE, json).rows.find((row) => row.processName === name);
    };

    it('says who asks, and what may be seen', async () => {
      expect(parseStrictly(SESSION, (await anybody.ask('/api/session')).json)).toMatchObject({
        access: 'public',
        canLogIn: true,
      });
      expect(parseStrictly(SESSION, (await anna.ask('/api/session')).json)).toMatchObject({
        access: 'user',
        user: 'anna',
        token: anna.token,
      });
    });

    it('answers a restart line by line, with the name of the user in log and history', async () => {
      const { status, text, headers } = await anna.ask('/api/restart', { body: { name: 'alpha' } });
      expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
      const lines = text
        .trim()
        .split('\n')
        .map((line) => parseStrictly(RESTART_LINE, JSON.parse(line)));
      expect(lines.at(-1)).toMatchObject({ verified: true });
      await daemon.waitForLine(/alpha: restart requested by anna on the web page/);
      const entry = await waitFor('the cycle in the history', async () => {
        const { json } = await anna.ask('/api/history?process=alpha&trigger=manual');
        return parseStrictly(HISTORY_PAGE, json).entries[0];
      });
      const ask = async (query: string) =>
        parseStrictly(HISTORY_PAGE, (await anna.ask(`/api/history?${query}`)).json).entries;
      expect(await ask('processId=1&verdict=failed,restarted')).toContainEqual(entry);
      expect(await ask('processId=2&verdict=restarted')).not.toContainEqual(entry);
      expect(await ask('processId=1&verdict=failed,breaker-open')).toEqual([]);
      expect(await ask(`since=${(entry?.seenAt ?? 0) + 1}&process=alpha`)).toEqual([]);
      expect((await anna.ask('/api/history?verdict=nonsense')).status).toBe(400);
      expect(entry).toMatchObject({ by: 'anna on the web page', verdict: 'restarted', trigger: 'manual' });
    });

    it('shows an alarm from its raise to its end, as it happens', async () => {
      const live = await anna.live();
      const first = await live.waitFor<Snapshot>('snapshot');
      parseStrictly(LIVE_EVENTS.snapshot, first);
      expect(first).toMatchObject({ access: 'user', user: 'anna', stream: { state: 'streaming' } });
      await scene.fleet.hold('beta');
      await scene.database.raise('beta');
      await live.waitFor<Partial<Snapshot>>(
        'change',
        ({ alarms }) =>
          alarms?.some(
            ({ processName, activity }) =>
              processName === 'beta' && activity.kind === 'cycle' && activity.step === 'restarting',
          ) === true,
      );
      const busy = await live.waitFor<{ rows: ProcessRow[] }>('rows', ({ rows }) =>
        rows.some(({ processName, state }) => processName === 'beta' && state === 'working'),
      );
      parseStrictly(LIVE_EVENTS.rows, busy);
      await scene.fleet.release('beta');
      const { entries } = parseStrictly(LIVE_EVENTS.cycles, await live.waitFor('cycles'));
      expect(entries).toMatchObject([{ processName: 'beta', verdict: 'restarted' }]);
      await live.waitFor<Partial<Snapshot>>('change', ({ counts }) => counts?.alarms === 0);
      for (const { name, data } of live.events)
        parseStrictly(LIVE_EVENTS[name as keyof typeof LIVE_EVENTS], data);
      live.close();
      expect(await rowOf('beta')).toMatchObject({
        state: 'normal',
        lastOutcome: { outcome: 'verified' },
        strip: [{ verdict: 'restarted' }],
      });
    });

    it('raises and clears alarms as monitor_service alarm does, and says by whom in the log', async () => {
      await scene.fleet.hold('alpha');
      const raised = await anna.ask('/api/raise', {
        body: { names: ['alpha'], note: 'a look <b>at</b> it' },
      });
      expect(parseStrictly(ALARM_REPLY, raised.json).processes).toEqual([
        { processId: 1, processName: 'alpha', outcome: 'raised' },
      ]);
      await daemon.waitForLine(/alpha: alarm raised by anna on the web page/);
      await scene.fleet.begun('alpha');
      await scene.fleet.release('alpha');
      await daemon.waitForLine(/alpha: alarm cleared in/);
      const cleared = await anna.ask('/api/clear', { body: { all: true } });
      expect(parseStrictly(ALARM_REPLY, cleared.json).processes).toEqual([]);
      const unknown = await anna.ask('/api/raise', { body: { names: ['Alpa'] } });
      expect(unknown).toMatchObject({
        status: 409,
        json: { error: '"Alpa": no such process, did you mean "alpha"?' },
      });
    });

    it('pauses, resumes and resets', async () => {
      const paused = await anna.ask('/api/pause', {
        body: { name: 'beta', forMs: 60_000, reason: 'new disks' },
      });
      expect(paused.json).toMatchObject({ pause: { processName: 'beta', by: 'anna on the web page' } });
      expect(await rowOf('beta')).toMatchObject({ state: 'paused' });
      expect((await anna.ask('/api/restart', { body: { name: 'beta' } })).status).toBe(409);
      const resumed = await anna.ask('/api/resume', { body: { name: 'beta' } });
      expect(resumed).toMatchObject({ status: 200, json: { left: [] } });
      await scene.fleet.breakRestart('broken');
      await scene.database.raise('broken');
      await daemon.waitForLine(/broken: .*circuit breaker opened/);
      const open = await waitFor('the end of the cycle', async () => {
        const row = await rowOf('broken');
        return row?.state === 'breaker-open' && row;
      });
      expect(open).toMatchObject({
        activity: { kind: 'breaker-open', failures: 1 },
        breaker: { state: 'open' },
      });
      await anna.ask('/api/clear', { body: { names: ['broken'] } });
      const reset = await anna.ask('/api/reset', { body: { name: 'broken' } });
      expect(reset.json).toEqual({ reset: ['broken'] });
    });

    it('shows one process with its settings, masked, and what happened', async () => {
      const { json } = await anna.ask('/api/process?id=2');
      const detail = parseStrictly(PROCESS_DETAIL, json);
      expect(detail).toMatchObject({ hasSection: true, row: { processName: 'beta' } });
      expect(detail.settings).toContainEqual({ key: 'max_attempts', value: '3', isDefault: false });
      expect(detail.settings).toContainEqual({ key: 'restart_timeout', value: '90', isDefault: true });
      expect(JSON.stringify(detail)).not.toContain('hunter22');
      expect(detail.events.map(({ type }) => type)).toContain('verified');
      const failed = parseStrictly(PROCESS_DETAIL, (await anna.ask('/api/process?id=4')).json);
      expect(failed.events.map(({ type }) => type)).toContain('attempt-failed');
      expect((await anna.ask('/api/process?id=99')).status).toBe(404);
      expect((await anna.ask('/api/process?id=x')).status).toBe(400);
      const hostile = parseStrictly(PROCESS_DETAIL, (await anna.ask('/api/process?id=3')).json);
      expect(hostile.row.processName).toBe(HOSTILE);
      expect(hostile.refusal).toMatch(/characters outside/);
    });

    it('pages and finds', async () => {
      const ask = async (query: string): Promise<ProcessPage> =>
        parseStrictly(PROCESS_PAGE, (await anna.ask(`/api/processes?${query}`)).json);
      expect(await ask('sort=name&limit=2&offset=1')).toMatchObject({
        ...{ total: 4, matching: 4, offset: 1, isCut: false },
        rows: [{ processName: 'alpha' }, { processName: 'beta' }],
      });
      expect((await ask('state=paused')).rows).toEqual([]);
      expect((await ask('limit=1')).counts).toMatchObject({ all: 4, paused: 0 });
      expect((await ask('search=IMG')).rows.map(({ processName }) => processName)).toEqual([HOSTILE]);
      expect((await anna.ask('/api/processes?limit=1000')).status).toBe(400);
    });

    it('counts the last 24 hours', async () => {
      const charts = parseStrictly(CHARTS, (await anybody.ask('/api/charts')).json);
      expect(charts.times).toHaveLength(288);
      const alarms = charts.alarms.reduce((sum, count) => sum + count, 0);
      expect(alarms).toBeGreaterThanOrEqual(3);
      expect(charts.reactionP50Ms.some((ms) => ms !== null)).toBe(true);
    });

    it('describes itself', async () => {
      const { json } = await anybody.ask('/openapi.json');
      const { paths } = json as { paths: Record<string, object> };
      expect(Object.keys(paths)).toContain('/api/restart');
      expect(json).toMatchObject({
        openapi: '3.1.0',
        paths: {
          '/api/pause': {
            post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } },
          },
          '/api/processes': {
            get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'search' })]) },
          },
        },
      });
      expect(JSON.stringify(paths)).not.toContain('"by":{"default"');
    });

    describe('without a login', () => {
      it('names, states, counts and times are shown, and no text of a command or a person', async () => {
        await anna.ask('/api/pause', { body: { name: 'alpha', reason: 'new disks' } });
        const live = await anybody.live();
        await scene.fleet.breakRestart('broken');
        await scene.database.raise('broken');
        await live.waitFor<{ rows: ProcessRow[] }>('rows', ({ rows }) =>
          rows.some(({ lastOutcome }) => lastOutcome?.outcome === 'failed'),
        );
        const snapshot = parseStrictly(LIVE_EVENTS.snapshot, await live.waitFor<Snapshot>('snapshot'));
        expect(snapshot).toMatchObject({ access: 'public', counts: { pauses: 1 }, pauses: [], hanging: [] });
        const row = await rowOf('broken', anybody);
        expect(row).toMatchObject({ lastOutcome: { outcome: 'failed' } });
        expect(row).not.toHaveProperty('strip');
        expect(await rowOf('alpha', anybody)).toMatchObject({ state: 'paused' });
        for (const text of [JSON.stringify(live.events), JSON.stringify(row)])
          expect(text).not.toMatch(/"(message|reason|by|problem|notes|host|strip)":|new disks|anna/);
        live.close();
        await anna.ask('/api/resume', { body: { name: 'alpha' } });
      });

      it.each(['/api/process?id=1', '/api/history'])('GET %s needs one', async (path) => {
        expect(await anybody.ask(path)).toMatchObject({ status: 401, json: { error: 'this needs a login' } });
      });

      it.each(['restart', 'pause', 'resume', 'reset', 'raise', 'clear', 'logout'])(
        'POST /api/%s needs one',
        async (action) => {
          const body = { name: 'alpha', names: ['alpha'] };
          expect((await anybody.ask(`/api/${action}`, { body })).status).toBe(401);
        },
      );
    });

    it('nothing secret is in an answer or in the log', async () => {
      const log = daemon.lines().join('\n');
      const users = await readFile(scene.path('web-users'), 'utf8');
      const hash = users.split('$').at(-1)?.trim() ?? '';
      expect(hash.length).toBeGreaterThan(20);
      for (const secret of [PASSWORD, hash, anna.token ?? '', anna.cookie ?? ''])
        expect(log.includes(secret)).toBe(false);
    });
  },
);
