import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { CycleRecord } from '../../../src/domain/cycle/cycle-record.js';
import { formatHistoryLine, parseHistoryLine } from '../../../src/state/history-line.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { runProgram, runProgramAsNobody } from '../../support/program.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

const HOUR = 3_600_000;

describeOnServers('history', oneServerKind, ({ open }) => {
  /** Waits until the daemon has written so many: the verdict is logged a moment before. */
  const recorded = (scene: Scene, count: number, name = 'history.jsonl'): Promise<readonly CycleRecord[]> =>
    waitFor(`${count} records`, async () => {
      const text = await readFile(scene.path(name), 'utf8').catch(() => '');
      const records = text.split('\n').flatMap((line) => parseHistoryLine(line) ?? []);
      return records.length >= count && records;
    });
  const history = (scene: Scene, ...args: string[]) =>
    runProgram(['history', ...args, '--config', scene.path('config.ini')]);
  const linesOf = ({ stdout }: { stdout: string }) => stdout.trimEnd().split('\n');

  it('tells how every cycle went, of one process or of all', async () => {
    const scene = await open('httpd', 'broken', 'bad name');
    const { database, fleet } = scene;
    await fleet.breakRestart('broken');
    const daemon = await scene.watchCalmly({
      monitor: { max_restart_failures: 1 },
      'process.default': { max_attempts: 2, restart_delay: 0 },
    });
    await database.raise(1);
    await daemon.cleared('httpd');
    await database.raise(2);
    await daemon.waitForLine(/broken: circuit breaker opened/);
    await database.raise(3);
    await daemon.waitForLine(/"bad name": refused/);
    const records = await recorded(scene, 3);
    expect(records).toMatchObject([
      {
        ...{ processId: 1, processName: 'httpd', trigger: 'binlog', attempts: 1, strategy: 'custom' },
        ...{ verdict: 'restarted', reactionMs: expect.any(Number), durationMs: expect.any(Number) },
      },
      {
        processName: 'broken',
        attempts: 2,
        verdict: 'failed',
        reason: expect.stringMatching(/^restart: /),
      },
      { processName: 'bad name', attempts: 0, verdict: 'refused' },
    ]);

    const people = linesOf(await history(scene, '--limit', '3'));
    expect(people.at(-4)).toMatch(/^seen +process +trigger +verdict +attempts +strategy +reaction +duration/);
    expect(people.at(-3)).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +httpd +binlog +restarted +1 +custom +\d+ ms +[\d.]+ m?s$/,
    );
    expect(people.at(-2)).toMatch(/ broken +binlog +failed +2 .*restart: .*no such queue/);
    expect(linesOf(await history(scene, 'httpd')).slice(1)).toHaveLength(1);
    expect(linesOf(await history(scene, '2', '--json')).map(parseHistoryLine)).toEqual([records[1]]);
  });

  it('R11: is there after the service was killed and began anew, and a torn line harms nobody', async () => {
    const scene = await open('httpd');
    const first = await scene.watch();
    await scene.database.raise(1);
    await first.cleared('httpd');
    const [kept] = await recorded(scene, 1);
    first.signal('SIGKILL');
    await first.exit;
    await writeFile(scene.path('history.jsonl'), '{"time":"2026-11-2', { flag: 'a' });
    const torn = await history(scene, '--json');
    expect(linesOf(torn).map(parseHistoryLine)[0]).toEqual(kept);

    const second = await scene.watch();
    await scene.database.raise(1);
    await second.cleared('httpd');
    const records = await recorded(scene, 2);
    expect(records[0]).toEqual(kept);
    await second.stop();
    // Neither service nor database is asked.
    const { code, stdout } = await history(scene, '--json');
    expect(code).toBe(0);
    expect(linesOf({ stdout })).toHaveLength((await recorded(scene, 2)).length);
    expect((await stat(scene.path('history.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('R13: where it cannot be written that is one warning, and the cycles go on', async () => {
    const scene = await open('one', 'two', 'three');
    await mkdir(scene.path('history.jsonl'));
    const daemon = await scene.watchCalmly();
    const warnings = () => daemon.lines().filter((line) => /cannot write the history file/.test(line));
    await scene.database.raise(1);
    await daemon.cleared('one');
    await scene.database.raise(2);
    await daemon.cleared('two');
    await daemon.waitForLine(/cannot write the history file: EISDIR/);
    expect(warnings().filter((line) => / WARNING /.test(line))).toHaveLength(1);
    await rm(scene.path('history.jsonl'), { recursive: true });
    await scene.database.raise(3);
    await daemon.waitForLine(/the history file works again/);
    const names = (await recorded(scene, 3)).map(({ processName }) => processName);
    expect(names).toEqual(['one', 'two', 'three']);
  });

  it('R22: a reload moves it', async () => {
    const scene = await open('httpd');
    const daemon = await scene.watchCalmly();
    await daemon.reload({ monitor: { history_file: scene.path('moved.jsonl') } });
    await scene.database.raise(1);
    await daemon.cleared('httpd');
    // A record more is no fault: the reading that follows a reload may find the alarm before its row change comes (R7).
    const [first] = await recorded(scene, 1, 'moved.jsonl');
    expect(first).toMatchObject({ processName: 'httpd', verdict: 'restarted' });
    const [shown = ''] = linesOf(await history(scene, 'httpd', '--json'));
    expect(parseHistoryLine(shown)).toEqual(first);
  });

  it('takes --since and --limit, and reads the older file too', async () => {
    const scene = await open();
    await scene.writeConfig();
    const now = Date.now();
    const line = (processId: number, hoursAgo: number): string =>
      formatHistoryLine({
        ...{ processId, processName: `p${processId}`, trigger: 'poll', seenAt: now - hoursAgo * HOUR },
        ...{ durationMs: 75_000, attempts: 1, verdict: 'restarted' },
      });
    const older = Array.from({ length: 60 }, (_, index) => line(index, 100));
    await writeFile(scene.path('history.jsonl.1'), older.join(''));
    await writeFile(scene.path('history.jsonl'), [line(98, 30), line(99, 2)].join(''));

    expect(linesOf(await history(scene, '--json'))).toHaveLength(62);
    const people = linesOf(await history(scene));
    expect(people).toHaveLength(52);
    expect(people[0]).toBe('12 earlier ones: --limit');
    expect(people.at(-1)).toMatch(/p99 .* 1 min 15 s$/);
    expect(linesOf(await history(scene, '--since', '3h', '--json'))).toEqual([line(99, 2).trimEnd()]);
    expect(linesOf(await history(scene, '--since', '2d')).slice(1)).toHaveLength(2);
    expect(linesOf(await history(scene, '--limit', '1', '--json'))).toEqual([line(99, 2).trimEnd()]);
    const none = await history(scene, 'nobody');
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(none.stdout).toMatch(
      /^no such cycle of nobody is recorded in .*history\.jsonl; monitor_service alarm list shows the names\n$/,
    );
    expect(await history(scene, 'nobody', '--json')).toMatchObject({ code: 0, stdout: '' });
    for (const file of ['history.jsonl', 'history.jsonl.1']) await rm(scene.path(file));
    expect((await history(scene)).stdout).toMatch(
      /^nothing is recorded yet: .*history\.jsonl does not exist; has the service run with this configuration\?\n$/,
    );
  });

  it('R14: shows the control characters of a hostile name', async () => {
    const scene = await open();
    await scene.writeConfig();
    await writeFile(
      scene.path('history.jsonl'),
      formatHistoryLine({
        ...{ processId: 1, processName: 'a\nb\x1b[2J', trigger: 'poll', seenAt: 0, durationMs: 0 },
        ...{ attempts: 0, verdict: 'refused', reason: '\x07' },
      }),
    );
    expect((await history(scene)).stdout).toMatch(/a\\nb\\x1b\[2J .*\\x07\n$/);
  });

  it('wrong arguments: says what is allowed, exit code 64', async () => {
    const scene = await open();
    await scene.writeConfig();
    for (const args of [
      ['a', 'b'],
      ['--since', 'yesterday'],
      ['--limit', '0'],
      ['--limit', 'x'],
      ['--all'],
    ]) {
      expect(await history(scene, ...args), args.join(' ')).toMatchObject({ code: 64, stdout: '' });
    }
    expect((await history(scene, '--since', 'x')).stderr).toMatch(/Allowed: a time span such as/);
    await writeFile(scene.path('config.ini'), '[monitor]\n');
    expect(await history(scene)).toMatchObject({ code: 78, stdout: '' });
  });

  itAsRoot('not for this user: says to use sudo, exit code 77', async () => {
    const scene = await open();
    const file = await scene.writeConfig();
    await writeFile(scene.path('history.jsonl'), '', { mode: 0o600 });
    const refused = await runProgramAsNobody(['history', '-c', file]);
    expect(refused.code).toBe(77);
    expect(refused.stderr).toMatch(/may not read .*config\.ini\n→ run the command with sudo/);
    // The file of a site that lets everybody read its configuration, without a password.
    const readable = scene.path('open.ini');
    await writeFile(
      readable,
      `[database]\nuser = x\n[monitor]\nhistory_file = ${scene.path('history.jsonl')}\n`,
    );
    const closed = await runProgramAsNobody(['history', '-c', readable]);
    expect(closed.code).toBe(77);
    expect(closed.stderr).toMatch(/EACCES.*history\.jsonl.*\n→ run the command with sudo/);
  });
});
