import { map, merge, NEVER, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { normalizeUnitName } from '../../../../src/domain/system-name.js';
import { msSinceBoot } from '../../../../src/lib/boot-clock.js';
import { RestartSlots } from '../../../../src/operators/restart-slots.js';
import { NoAnswerError } from '../../../../src/restart/systemd/bus/bus-errors.js';
import type { SystemdClient } from '../../../../src/restart/systemd/systemd-client.js';
import type { UnitState } from '../../../../src/restart/systemd/unit-properties.js';
import type { CommandRecord } from '../../../../src/restart/systemd/waiting-shells/command-records.js';
import { endLeftovers } from '../../../../src/service/alarms/end-leftovers.js';
import { LOADED, scriptSystemd } from '../../../support/restart/scripted-systemd.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const RESTART = 'process-monitor-command-mailer-restart-00000001.service';
const CHECK = 'process-monitor-command-web-health-check-00000002.service';

// The records are in a folder of root that every service of this machine shares.
const records = vi.hoisted(() => new Map<string, CommandRecord>());
vi.mock('../../../../src/restart/systemd/waiting-shells/command-records.js', () => ({
  readRecords: () => new Map(records),
  removeRecord: (unit: string) => records.delete(unit),
}));

const silent = async (): Promise<never> => {
  throw new NoAnswerError('GetAll', 5000);
};

/** A systemd that has these two units, and does only in part what it should. */
function begin(faults: Partial<SystemdClient>) {
  const slots = new RestartSlots(4);
  const { log, lines } = recordLog();
  const changes = new Subject<Partial<UnitState>>();
  const systemd: SystemdClient = {
    ...scriptSystemd({ units: { [RESTART]: {}, [CHECK]: {} } }),
    list: async () => [RESTART, CHECK].map((id) => ({ ...LOADED, id })),
    watch: () => merge(of({}), changes).pipe(map((state) => ({ ...LOADED, ...state }))),
    ...faults,
  };
  const { signal } = new AbortController();
  const state = { hasBegun: false };
  const ended = endLeftovers({ systemd, slots, log, signal }).then(() =>
    slots.request({
      key: normalizeUnitName('mailer'),
      start: () => {
        state.hasBegun = true;
      },
      onClosed: () => {},
    }),
  );
  const messages = () => lines.map(({ message }) => message);
  return { state, ended, changes, messages };
}

describe('R31: commands of an earlier run, where systemd answers late', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    records.set(RESTART, { systemName: 'mailer', step: 'restart', endsAt: msSinceBoot() + 60_000 });
    records.set(CHECK, { systemName: 'web', step: 'health-check', endsAt: msSinceBoot() + 60_000 });
  });
  afterEach(() => {
    records.clear();
    vi.useRealTimers();
  });

  it('a health check that cannot be ended frees no process of another command', async () => {
    const { state, ended, changes, messages } = begin({ show: silent });
    await ended;
    expect(state.hasBegun).toBe(false);
    expect(messages()).toEqual([
      expect.stringMatching(/^the restart command of an earlier run of the service still runs; it has/),
      expect.stringMatching(/^cannot end process-monitor-command-web-.* of an earlier run: systemd does not/),
    ]);
    changes.next({ activeState: 'inactive' });
    await vi.advanceTimersByTimeAsync(0);
    expect(state.hasBegun).toBe(true);
  });

  it('R27: a command that cannot be watched keeps its process, and is asked for again', async () => {
    let asked = 0;
    const active = { ...LOADED, activeState: 'active' };
    const answers = [throwError(() => new NoAnswerError('GetAll', 5000)), merge(of(active), NEVER)];
    const { state, ended } = begin({
      list: async () => [{ ...LOADED, id: RESTART }],
      watch: () => answers[asked++] ?? of({ ...LOADED, activeState: 'inactive' }),
    });
    await ended;
    await vi.advanceTimersByTimeAsync(5000);
    expect([asked, state.hasBegun]).toEqual([2, false]);
  });

  it('R27: if the commands cannot be listed, the recorded one may still run until its end is known', async () => {
    const { state, ended, changes, messages } = begin({ list: silent });
    await ended;
    expect(state.hasBegun).toBe(false);
    expect(messages()).toEqual([
      expect.stringMatching(/^the restart command .* may still run: systemd gives no answer; it has/),
      expect.stringMatching(/^cannot look for commands of an earlier run: systemd does not answer/),
    ]);
    changes.next({ activeState: 'inactive' });
    await vi.advanceTimersByTimeAsync(0);
    expect([state.hasBegun, records.has(RESTART)]).toEqual([true, false]);
  });
});
