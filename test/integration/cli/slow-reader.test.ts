import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDialogue } from '../../../src/cli/test-alarm/dialogue.js';
import { ControlError } from '../../../src/control/control-error.js';
import { type ControlServer, openControlServer } from '../../../src/control/control-server.js';
import type { PauseReply, ResetReply, RestartLine, ResumeReply } from '../../../src/control/replies.js';
import type { StatusReport } from '../../../src/control/status-report.js';
import type { Reply, Route } from '../../../src/lib/http/route.js';
import { PROGRAM } from '../../support/program.js';
import { writeConfigFile } from '../../support/service/config-file.js';

/** Far more than the 64 KiB that a pipe takes before anybody has read. */
const LONG = `${'x'.repeat(500_000)} and the end`;
const PAUSE = { since: 0, by: 'alice', reason: LONG };
const STATUS: StatusReport = {
  service: { version: '1.0.0', pid: 1, startedAt: 0, configFile: 'config.ini', isStopping: false },
  stream: { state: 'streaming', since: 0, pollingEveryMs: 5000 },
  table: { isKnown: true },
  ...{ alarms: [], cycles: [], breakers: [], recentRestarts: [], outcomes: [] },
  pauses: [PAUSE],
  totals: { verified: 0, healthy: 0, failed: 0, restarts: 0 },
};

const json = (value: unknown): Reply => ({ kind: 'json', value });

/** A service with very much to say. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/status', answer: async () => json(STATUS) },
  {
    ...{ method: 'POST', path: '/pause' },
    answer: async () => json({ pause: PAUSE, warnings: [] } satisfies PauseReply),
  },
  {
    ...{ method: 'POST', path: '/resume' },
    answer: async () => json({ ended: [], left: [PAUSE] } satisfies ResumeReply),
  },
  { method: 'POST', path: '/reset', answer: async () => json({ reset: [LONG] } satisfies ResetReply) },
  {
    ...{ method: 'POST', path: '/restart' },
    answer: async () => ({
      kind: 'lines',
      lines: of({ verified: false, message: LONG } satisfies RestartLine),
    }),
  },
];
const REFUSE: readonly Route[] = ROUTES.map(({ method, path }) => ({
  ...{ method, path },
  answer: () => Promise.reject(new ControlError(409, LONG)),
}));

/** Runs a command that writes into a pipe of the shell, as people do. The last line is its exit code. */
async function intoPipe(...args: readonly string[]): Promise<string> {
  const script = '{ "$@" 2>&1; echo "exit $?"; } | cat';
  const { stdout } = await promisify(execFile)(
    '/bin/sh',
    ['-c', script, 'sh', process.execPath, PROGRAM, ...args],
    { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  );
  return stdout;
}

describe('a reader that is slower than the command gets the whole text', () => {
  let directory: string;
  let config: string;
  let server: ControlServer | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-slow-reader-'));
    config = join(directory, 'config.ini');
    await writeConfigFile(config, directory, { database: { user: 'x' } });
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await rm(directory, { recursive: true });
  });

  const serve = async (routes: readonly Route[]): Promise<void> => {
    server = await openControlServer({ path: join(directory, 'control.sock'), routes, onFailure: () => {} });
  };

  const commands = [
    { args: ['status'], code: 0 },
    { args: ['pause', 'list'], code: 0 },
    { args: ['pause'], code: 0 },
    { args: ['resume'], code: 0 },
    { args: ['reset', '--all'], code: 0 },
    { args: ['restart', 'alpha'], code: 1 },
  ];
  it.each(commands)('of $args', async ({ args, code }) => {
    await serve(ROUTES);
    for (const options of [[], ['--json']]) {
      const told = await intoPipe(...args, ...options, '--config', config);
      expect(told.length).toBeGreaterThan(LONG.length);
      expect(told).toContain('and the end');
      expect(told.endsWith(`\nexit ${code}\n`)).toBe(true);
    }
  });

  it('of a refusal', async () => {
    await serve(REFUSE);
    for (const options of [[], ['--json']]) {
      const told = await intoPipe('status', ...options, '--config', config);
      expect(told).toContain('and the end');
      expect(told.endsWith('\nexit 1\n')).toBe(true);
    }
  });

  it('of all faults of a configuration', async () => {
    const faults = Array.from({ length: 5000 }, (_, number) => `unknown_key_number_${number} = 1\n`);
    await writeFile(config, `[database]\nuser = x\n${faults.join('')}`, { mode: 0o600 });
    for (const command of ['run', 'status']) {
      const told = await intoPipe(command, '--config', config);
      expect(told).toContain('unknown_key_number_4999');
    }
  });

  it('of the dialogue of test-alarm', async () => {
    const taken: string[] = [];
    const waiting: (() => void)[] = [];
    const stdout = new Writable({
      write(chunk, _, done) {
        taken.push(String(chunk));
        waiting.push(done);
      },
    });
    const dialogue = openDialogue(new PassThrough(), stdout);
    dialogue.say('one');
    dialogue.say('two');
    const closed = dialogue.close();
    expect(taken).toEqual(['one\n']);
    // The reader takes one piece after the other.
    void (async () => {
      for (let done = waiting.shift(); done; done = waiting.shift()) {
        await new Promise(setImmediate);
        done();
      }
    })();
    await closed;
    expect(taken.join('')).toBe('one\ntwo\n');
  });
});
