import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NamedProcess } from '../../../../src/db/tables/alarm-table.js';
import type { CycleEvent, CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import { RestartFollowers } from '../../../../src/service/alarms/restart-followers.js';
import { OwedRestarts } from '../../../../src/state/owed-restarts.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';

const { defaults } = DEFAULT_CONFIG.processes;
const RETRY_MS = DEFAULT_CONFIG.monitor.fallbackIntervalMs;

describe('R35: the restarts that restart_with demands', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('one whose health cannot be told is tried again at intervals, not at once', async () => {
    const world = owing('web', 'app');
    world.followers.begin();
    await settle();
    expect(world.begun).toEqual(['web', 'app']);
    for (let round = 0; round < 3; round += 1) {
      for (const name of ['web', 'app']) world.cannotTell(name);
      await settle();
    }
    expect(world.begun).toEqual(['web', 'app']);
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    expect(world.begun).toEqual(['web', 'app', 'web', 'app']);
  });

  it('but at once after another restart of the process that it follows', async () => {
    const world = owing('web');
    world.followers.begin();
    await settle();
    world.cannotTell('web');
    await settle();
    expect(world.begun).toEqual(['web']);
    world.tell('db', {
      ...{ type: 'verified', attempt: 1, detail: 'active', tookMs: 1 },
      report: { strategy: 'service', detail: 'restarted' },
    });
    await settle();
    expect(world.begun).toEqual(['web', 'web']);
  });

  it.each<[string, () => Promise<readonly NamedProcess[]>, string]>([
    ['no row', async () => [], 'PROCESE has no process web'],
    [
      'only a row that the database takes for the same name',
      async () => [{ processId: 7, processName: 'Web' }],
      'PROCESE has no process web, only Web',
    ],
  ])('are told and forgotten where PROCESE has %s', async (_, findProcesses, reason) => {
    const world = owing('web');
    world.findProcesses = findProcesses;
    world.followers.begin();
    await settle();
    expect(world.warnings).toEqual([`web: not restarted (restart_with): ${reason}`]);
    expect(world.owed.list()).toEqual([]);
  });

  it('R22: one that a reload takes the key from while it is looked up is not restarted', async () => {
    const world = owing('web');
    let answer = (): void => {};
    world.findProcesses = (processName) =>
      new Promise((resolve) => {
        answer = () => resolve([{ processId: 1, processName }]);
      });
    world.followers.begin();
    await settle();
    world.byName.delete('web');
    world.followers.onReload();
    answer();
    await settle();
    expect(world.begun).toEqual([]);
    expect(world.owed.list()).toEqual([]);
  });

  it('a look-up that fails after the stop is not repeated', async () => {
    const world = owing('web');
    world.findProcesses = () => Promise.reject(new Error('gone'));
    world.followers.begin();
    world.followers.stop();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** What an earlier run owed to these processes, each the first row of its name. */
function owing(...names: readonly string[]) {
  const owed = new OwedRestarts(
    (name) => (name === 'db' ? names : []),
    names.map((processName) => ({ processName, with: 'db', since: 1 })),
  );
  const byName = new Map(names.map((name) => [name, { ...defaults, restartWith: ['db'] }]));
  const begun: string[] = [];
  const running = new Set<string>();
  const warnings: string[] = [];
  const world = {
    ...{ owed, begun, warnings, byName },
    findProcesses: async (processName: string): Promise<readonly NamedProcess[]> => [
      { processId: 1, processName },
    ],
    /** A health check of its cycle gave no answer, and the cycle has ended. */
    cannotTell(processName: string): void {
      world.tell(processName, { type: 'exhausted', step: 'verify', reason: 'no answer', attempts: 0 });
      running.delete(processName);
      world.followers.onCycleEnd();
    },
    tell(processName: string, data: CycleEventData): void {
      const event: CycleEvent = { processId: 1, processName, at: 2, ...data };
      owed.onEvent(event, false);
      world.followers.onEvent(event);
    },
    followers: new RestartFollowers({
      settings: { current: { ...DEFAULT_CONFIG, processes: { ...DEFAULT_CONFIG.processes, byName } } },
      state: { owed, meet: () => {}, forgetOwed: (name) => owed.forget(name) },
      database: {
        current: { table: { findProcesses: (name: string) => world.findProcesses(name) } },
      } as never,
      alarms: {
        isStopping: false,
        requestCycle({ processName }) {
          if (running.has(processName)) return 'running';
          running.add(processName);
          begun.push(processName);
          return 'begun';
        },
      },
      log: {
        warn: (subject: string, text: string) => warnings.push(`${subject}: ${text}`),
        debug: () => {},
      },
    }),
  };
  return world;
}

/** Everything that needs no time has happened. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}
