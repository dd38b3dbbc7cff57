import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../support/daemon.js';
import { isAlive } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { type JournalEntry, mostAtOnce } from '../../support/service/fleet.js';
import type { SeenLine } from '../../support/service/line-watch.js';
import type { Scene } from '../../support/service/scene.js';
import { serverKinds } from '../../support/service/server-kinds.js';

const NO_DELAY = { 'process.default': { restart_delay: 0 } };
/** Where the binlog shows no rows, a raise and another change of the table cannot be told apart. */
const RECHECKED_HEALTHY =
  /alpha: (alarm raised again meanwhile|checked once more before the alarm is cleared): healthy/;
const RECHECKED_ILL =
  /alpha: (alarm raised again meanwhile|checked once more before the alarm is cleared): not healthy, .*exit code 7/;
const HALF_OPEN = /alpha: circuit breaker half-open: one cycle may run/;
const ONE_ATTEMPT = { 'process.default': { max_attempts: 1 } };

describeOnServers('cycles', serverKinds, ({ kind, open }) => {
  const { showsRows } = kind;
  describe('R7: a raise during a cycle', () => {
    it('never overlaps with it; one more health check finds the process healthy', async () => {
      const { database, fleet, watchCalmly, raiseAndHold } = await open('alpha');
      const daemon = await watchCalmly();
      await raiseAndHold('alpha');
      for (let times = 0; times < 5; times += 1) {
        await database.lower(1);
        await database.raise(1);
      }
      await seenByNow(database, daemon);
      await fleet.release('alpha');
      await daemon.waitForLine(RECHECKED_HEALTHY);
      await daemon.cleared('alpha');
      const journal = await fleet.journal();
      // A check more is no fault: where the clear may have overwritten a raise, one follows it (R12).
      expect(namesOf(journal, 'alpha').slice(0, 4)).toEqual(['begin', 'end', 'check', 'check']);
      expect(await fleet.restarts('alpha')).toBe(1);
      expect(mostAtOnce(journal)).toBe(1);
      expect(await database.row(1)).toMatchObject({
        alarma: 0,
        // Where the binlog shows no rows the raise is a mere possibility, and the note stays that of the restart.
        notes: expect.stringMatching(/^OK .* (healthy, no restart needed|restarted by custom, attempt 1)$/),
      });
    });

    it('is a new cycle where the health check finds the process ill', async () => {
      const { database, fleet, watchCalmly, raiseAndHold } = await open('alpha');
      const daemon = await watchCalmly();
      await raiseAndHold('alpha');
      await database.lower(1);
      await database.raise(1);
      await seenByNow(database, daemon);
      // Healthy after the restart, ill when it is looked at again.
      await fleet.planChecks('alpha', [0]);
      await fleet.fallIll('alpha', 7);
      await fleet.release('alpha');
      await daemon.waitForLine(RECHECKED_ILL);
      await daemon.cleared('alpha');
      const journal = await fleet.journal();
      // A check more is no fault: where the clear may have overwritten a raise, one follows it (R12).
      const names = namesOf(journal, 'alpha').slice(0, 7);
      expect(names).toEqual(['begin', 'end', 'check', 'check', 'begin', 'end', 'check']);
      expect(await fleet.restarts('alpha')).toBe(2);
      expect(mostAtOnce(journal)).toBe(1);
    });

    it('is not needed where somebody took the alarm back', async () => {
      const { database, fleet, watch, raiseAndHold } = await open('alpha', 'blocker');
      const daemon = await watch({ monitor: { max_parallel_restarts: 1 } });
      await raiseAndHold('blocker');
      await database.raise(1);
      await daemon.waitForLine(/alpha: alarm seen/);
      await database.lower(1);
      await seenByNow(database, daemon);
      await fleet.release('blocker');
      await daemon.cleared('blocker');
      if (showsRows) {
        await daemon.waitForLine(/alpha: alarm was withdrawn/);
        expect(await fleet.restarts('alpha')).toBe(0);
      }
      expect(await database.row(1)).toMatchObject({ alarma: 0 });
    });

    it('R12: that our own clear overwrote gets its health check', async () => {
      const { database, fleet, watchCalmly, raiseAndHold } = await open('alpha');
      const daemon = await watchCalmly();
      await raiseAndHold('alpha');
      await database.session(async (other) => {
        await other.query('START TRANSACTION');
        await other.query('UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 1');
        await fleet.release('alpha');
        await waitFor('the clear that waits for the lock', async () => {
          const waiting = await database.query(
            "SELECT 1 FROM information_schema.processlist WHERE user = ? AND info LIKE 'UPDATE%'",
            [database.user],
          );
          return Array.isArray(waiting) && waiting.length > 0;
        });
        await other.query("UPDATE STATUS_PROCESS SET alarma = 1, notes = 'again' WHERE process_id = 1");
        await other.query('COMMIT');
      });
      await daemon.waitForLine(RECHECKED_HEALTHY);
      await waitFor('the alarm to be gone', async () => (await database.row(1)).alarma === 0);
      // A check more is no fault, as above: a reading may have found the raise as well.
      const names = namesOf(await fleet.journal(), 'alpha').slice(0, 4);
      expect(names).toEqual(['begin', 'end', 'check', 'check']);
      expect(await fleet.restarts('alpha')).toBe(1);
    });
  });

  describe('R8: max_parallel_restarts = 2', () => {
    it('is never exceeded, and a slow process holds back nobody', async () => {
      const names = ['slow', 'b', 'c', 'd', 'e', 'f'];
      const { database, fleet, watch } = await open(...names);
      const daemon = await watch({ monitor: { max_parallel_restarts: 2 } });
      await fleet.hold('slow');
      await fleet.hold('b');
      await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
      await fleet.begun('slow');
      await fleet.begun('b');
      expect(mostAtOnce(await fleet.journal())).toBe(2);
      await fleet.release('b');
      for (const name of names.slice(1)) await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
      const journal = await fleet.journal();
      expect(journal.some(({ what, name }) => what === 'end' && name === 'slow')).toBe(false);
      expect(mostAtOnce(journal)).toBe(2);
      await fleet.release('slow');
      await daemon.cleared('slow');
      expect((await fleet.journal()).filter(({ what }) => what === 'begin')).toHaveLength(6);
    });

    // Elsewhere the name is asked for after a wait of 2 s: marbles/streams/queue has that.
    it.runIf(showsRows)(
      'R36: a process that is renamed while it waits is restarted under its new name',
      async () => {
        const { database, fleet, watch } = await open('slow', 'old', 'new');
        const daemon = await watch({ monitor: { max_parallel_restarts: 1 } });
        await fleet.hold('slow');
        await database.raise(1);
        await fleet.begun('slow');
        await database.raise(2);
        await daemon.waitForLine(/ old: alarm seen/);
        await database.query("UPDATE PROCESE SET process_name = 'new' WHERE process_id = 2");
        // What comes behind it in the binlog is seen.
        await database.raise(3);
        await daemon.waitForLine(/ new: alarm seen .*process_id=3/);
        await fleet.release('slow');
        await waitFor('both alarms to be gone', async () =>
          (await Promise.all([2, 3].map((id) => database.row(id)))).every(({ alarma }) => alarma === 0),
        );
        const begun = (await fleet.journal()).filter(({ what }) => what === 'begin').map(({ name }) => name);
        expect(begun.slice(0, 2)).toEqual(['slow', 'new']);
        expect(begun).not.toContain('old');
      },
    );

    it('R7: rows with the same process name, and names with one system_name, are never restarted at the same time', async () => {
      const { database, fleet, watch } = await open('twin', 'twin', 'first name', 'second name');
      const daemon = await watch({
        'process.first name': { system_name: 'shared' },
        'process.second name': { system_name: 'shared' },
      });
      await fleet.hold('twin');
      await fleet.hold('shared');
      await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
      await fleet.begun('twin');
      await fleet.begun('shared');
      await seenByNow(database, daemon);
      await fleet.release('twin');
      await fleet.release('shared');
      await waitFor('all four alarms to be gone', async () => {
        const standing = await database.query('SELECT 1 FROM STATUS_PROCESS WHERE alarma = 1');
        return Array.isArray(standing) && standing.length === 0;
      });
      const journal = await fleet.journal();
      expect(mostAtOnce(journal, ['twin'])).toBe(1);
      expect(mostAtOnce(journal, ['shared'])).toBe(1);
      expect(await fleet.restarts('twin')).toBe(2);
      expect(await fleet.restarts('shared')).toBe(2);
    });
  });

  describe('failures', () => {
    it('R10, R12: leave the alarm raised with a note, and are tried again at the next check_interval', async () => {
      const { database, fleet, launch } = await open('alpha');
      await fleet.breakRestart('alpha');
      await database.raise(1);
      const daemon = await launch({ monitor: { check_interval: 2 }, ...NO_DELAY });
      const failed = await daemon.waitForLine(/alpha: note written/);
      expect(linesUpTo(daemon, failed, /alpha: restart of attempt \d runs/)).toHaveLength(2);
      expect(await database.row(1)).toMatchObject({
        alarma: 1,
        notes: expect.stringMatching(
          /^FAILED \d{4}-\d\d-\d\d \d\d:\d\d:\d\d restart_command: exit code 3: no such queue \(restart, 2 attempts\)$/,
        ),
      });
      await fleet.repair('alpha');
      // On a busy machine it may have been tried, and failed, again before it was repaired.
      const again = await daemon.waitForLine(/alpha: alarm seen \(poll\)/, { from: failed.index });
      await daemon.waitForLine(/alpha: alarm cleared/, { from: again.index });
    });

    it('R10: a new raise is answered at once, whatever failed before', async () => {
      const { database, fleet, watch } = await open('alpha');
      await fleet.breakRestart('alpha');
      await database.raise(1);
      const daemon = await watch(ONE_ATTEMPT);
      const failed = await daemon.waitForLine(/alpha: note written/);
      await fleet.repair('alpha');
      await database.lower(1);
      // Where the binlog shows no rows, the table must be read while the alarm is gone.
      await seenByNow(database, daemon);
      await database.raise(1);
      await daemon.waitForLine(/alpha: alarm cleared/, { from: failed.index });
      expect(await fleet.restarts('alpha')).toBe(2);
    });

    it('of the pre-restart command and of the health check stand in the note', async () => {
      const { database, fleet, launch } = await open('gated', 'ill');
      await fleet.planChecks('ill', Array(20).fill(1));
      await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
      const daemon = await launch({
        'process.gated': { pre_restart_command: 'echo syntax error in line 3 >&2; exit 2' },
        'process.ill': { max_attempts: 1, health_check_timeout: 2 },
      });
      await daemon.waitForLine(/gated: note written/);
      await daemon.waitForLine(/ill: note written/);
      expect((await database.row(1)).notes).toMatch(
        /^FAILED .{19} pre_restart_command: exit code 2: syntax error/,
      );
      expect((await database.row(2)).notes).toMatch(
        /^FAILED .{19} health_check_command: exit code 1: the plan/,
      );
      expect(await fleet.restarts('gated')).toBe(0);
    });

    it('R9: open the breaker, which stays open, half-opens, opens again, and closes on success', async () => {
      const { database, fleet, launch } = await open('alpha', 'sentinel');
      await fleet.breakRestart('alpha');
      await database.raise(1);
      const daemon = await launch({
        monitor: { check_interval: 0.3, max_restart_failures: 2, circuit_reset_time: 2 },
        ...ONE_ATTEMPT,
      });
      const opened = await daemon.waitForLine(
        /alpha: circuit breaker opened after 2 failed cycles, no restart until/,
      );
      expect(linesUpTo(daemon, opened, /alpha: attempt 1\/1 failed/)).toHaveLength(2);

      const skipped = await daemon.waitForLine(/alpha: not restarted: circuit breaker open until/, {
        from: opened.index,
      });
      await database.lower(1);
      await database.raise(1);
      await database.raise(2);
      await daemon.waitForLine(/sentinel: alarm cleared/, { from: skipped.index });

      const half = await daemon.waitForLine(HALF_OPEN, { from: skipped.index });
      // Nothing was tried while it was open, whatever was raised.
      expect(linesUpTo(daemon, half, /alpha: attempt 1\/1 started/)).toHaveLength(2);
      const reopened = await daemon.waitForLine(/alpha: circuit breaker opened after 3 failed cycles/, {
        from: half.index,
      });
      // Exactly one cycle may run.
      expect(linesUpTo(daemon, reopened, /alpha: attempt 1\/1 started/)).toHaveLength(3);

      await fleet.repair('alpha');
      const halfAgain = await daemon.waitForLine(HALF_OPEN, {
        from: reopened.index,
      });
      const closed = await daemon.waitForLine(/alpha: circuit breaker closed/, { from: halfAgain.index });
      await daemon.waitForLine(/alpha: alarm cleared/, { from: closed.index });
      expect(linesUpTo(daemon, closed, /alpha: attempt 1\/1 (failed|started)/).at(-1)).toMatch(/started/);

      // The count is zero again: one failure opens nothing.
      await fleet.fallIll('alpha', 1);
      await fleet.breakRestart('alpha');
      await database.raise(1);
      const failed = await daemon.waitForLine(/alpha: note written/, { from: closed.index });
      expect(daemon.lines().slice(closed.index, failed.index).join('\n')).not.toMatch(/breaker opened/);
    });

    it('R16: a command that never ends is killed at its deadline with all that it started', async () => {
      const { database, fleet, launch, path } = await open('alpha');
      const stubborn = `trap '' TERM; (trap '' TERM; while [ -d ${path('')} ]; do sleep 0.1; done) & while [ -d ${path('')} ]; do sleep 0.1; done`;
      await database.raise(1);
      const daemon = await launch({
        'process.alpha': {
          max_attempts: 1,
          // Time enough to begin, also on a busy machine.
          restart_timeout: 2,
          restart_command: `echo "begin alpha $$" >> ${path('journal')}; ${stubborn}`,
        },
      });
      const { pid } = await fleet.begun('alpha');
      await daemon.waitForLine(
        /alpha: attempt 1\/1 failed, restart: restart_command: no answer within 2 s, killed$/,
      );
      await daemon.waitForLine(/alpha: note written/);
      expect(await isAlive(pid)).toBe(false);
      expect((await database.row(1)).notes).toMatch(
        /^FAILED .{19} restart_command: no answer within 2 s, killed \(restart, 1 attempt\)$/,
      );
    });
  });

  it('R14: refuses hostile names: nothing is run, the row says why, the log says it once', async () => {
    const hostile = [
      'a;reboot',
      '$(touch FILE)',
      '`touch FILE`',
      '../x',
      '*',
      '-H',
      'monitor_service',
      'init',
      'multi-user.target',
      'é'.repeat(100),
      '',
      'two\nlines 2026-11-22 INFO forged: line',
      'quote\'"',
      '%s',
    ];
    const scene = await open('sentinel', ...hostile);
    const { database, fleet, watchCalmly, path } = scene;
    const touched = path('touched');
    await database.query("UPDATE PROCESE SET process_name = REPLACE(process_name, 'FILE', ?)", [touched]);
    // Half of them stand when the daemon starts, half are raised then.
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id > 1 AND process_id % 2 = 0');
    const daemon = await watchCalmly({ monitor: { check_interval: 2 } });
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id > 1');
    for (const [index] of hostile.entries()) {
      await daemon.waitForLine(
        new RegExp(`ERROR .*: refused, nothing is restarted: .* process_id=${index + 2}$`),
      );
      await waitFor(
        'the note',
        async () => (await database.row(index + 2)).notes?.startsWith('REFUSED ') === true,
      );
      expect((await database.row(index + 2)).alarma).toBe(1);
    }
    // A poll meets the refused rows again: nothing else can see an alarm that is kept out of the binlog.
    await database.query(
      'SET SESSION sql_log_bin = 0; UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1',
    );
    await daemon.waitForLine(showsRows ? /sentinel: alarm seen \(poll\)/ : /sentinel: alarm seen/);
    await daemon.cleared('sentinel');
    const refused = daemon.lines().filter((line) => line.includes(': refused, '));
    for (const [index] of hostile.entries()) {
      const own = refused.filter((line) => line.endsWith(` process_id=${index + 2}`));
      // A poll may have found one that was raised then just before its row change came, which refuses it anew.
      const atMost = index % 2 === 0 ? 1 : 2;
      expect(own.length, own.join('\n')).toBeLessThanOrEqual(atMost);
    }
    expect(
      daemon.lines().filter((line) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z]/.test(line)),
    ).toEqual([]);
    expect((await fleet.journal()).filter(({ name }) => name !== 'sentinel')).toEqual([]);
    await expect(scene.exists('touched')).resolves.toBe(false);
  });
});

/** What was committed before has reached the daemon: whoever reads the binlog to its end has been sent it. */
async function seenByNow(database: Scene['database'], daemon: Daemon): Promise<void> {
  const from = daemon.lines().length;
  await database.query("INSERT INTO PROCESE VALUES (9999, '/')");
  await database.query('INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (9999, 1)');
  await daemon.waitForLine(/refused, .* process_id=9999$/, { from });
  await daemon.waitForLine(/note written: REFUSED/, { from });
  // In the binlog this would make the daemon read the table, and doubt what it clears now.
  await database.query(`SET SESSION sql_log_bin = 0; DELETE FROM STATUS_PROCESS WHERE process_id = 9999;
    DELETE FROM PROCESE WHERE process_id = 9999`);
}

/** The lines of this pattern up to that one: what the daemon did before, however long ago that is by now. */
function linesUpTo(daemon: Daemon, { index }: SeenLine, pattern: RegExp): readonly string[] {
  return daemon
    .lines()
    .slice(0, index + 1)
    .filter((line) => pattern.test(line));
}

function namesOf(journal: readonly JournalEntry[], name: string): string[] {
  return journal.filter((entry) => entry.name === name).map(({ what }) => what);
}
