import { expect, it } from 'vitest';
import { LISTED_AT_MOST } from '../../../../src/control/status-report.js';
import { StatusCollector } from '../../../../src/service/status/status-collector.js';
import { createStatusReporter } from '../../../../src/service/status/status-reporter.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';

it('reports what is known after the look-up of the names, which may take a while', async () => {
  let alarms = [{ processId: 1, since: 0 }];
  let answer = (): void => {};
  const names = {
    lookUp: () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
    nameOf: (processId: number) => `p${processId}`,
  };
  const maintenance = { running: () => [], next: () => [] };
  const report = createStatusReporter({
    settings: { current: DEFAULT_CONFIG },
    database: { facts: undefined },
    alarms: { isStopping: false, isAnswered: () => false },
    stream: { facts: { state: 'streaming', since: 0 } },
    table: { names, list: () => alarms, standingAlarms: 0 },
    state: {
      breakers: { snapshot: () => new Map(), recentRestarts: () => new Map() },
      pauses: { snapshot: () => [], maintenance },
    },
    status: new StatusCollector(),
    reloads: {},
  } as never)();
  alarms = [];
  answer();
  expect((await report).alarms).toEqual([]);
});

it('asked for some processes, reports these also where the lists of all are cut', async () => {
  const last = LISTED_AT_MOST + 1;
  const ids = Array.from({ length: last }, (_, index) => index + 1);
  const open = { state: 'open', failures: 3 };
  const status = new StatusCollector();
  for (const processId of ids)
    status.onCycleBegin({ processId, processName: `p${processId}`, trigger: 'poll' } as never, false);
  const lookedUp: number[][] = [];
  const report = createStatusReporter({
    settings: { current: DEFAULT_CONFIG },
    database: { facts: undefined },
    alarms: { isStopping: false, isAnswered: () => false },
    stream: { facts: { state: 'streaming', since: 0 } },
    table: {
      names: {
        lookUp: async (wanted: number[]) => void lookedUp.push(wanted),
        nameOf: (processId: number) => `p${processId}`,
      },
      list: () => ids.map((processId) => ({ processId, since: 0 })),
      standingAlarms: last,
    },
    state: {
      breakers: {
        snapshot: () => new Map(ids.map((processId) => [processId, open])),
        // The oldest are cut.
        recentRestarts: () => new Map(ids.map((processId) => [`p${last + 1 - processId}`, [0]])),
        describe: () => ({ retryAt: 7 }),
      },
      pauses: { snapshot: () => [], maintenance: { running: () => [], next: () => [] } },
    },
    status,
    reloads: {},
  } as never);
  const named = expect.objectContaining({ processId: last });
  const all = await report();
  expect(all.breakers).toHaveLength(LISTED_AT_MOST);
  expect(all.breakers).not.toContainEqual(named);

  const one = await report(new Set([last]));
  expect(one.breakers).toEqual([expect.objectContaining({ processId: last, state: 'open', retryAt: 7 })]);
  expect(one.alarms).toEqual([named]);
  expect(one.cycles).toEqual([named]);
  expect(one.recentRestarts).toEqual([expect.objectContaining({ systemName: `p${last}`, restarts: 1 })]);
  expect(one.counts).toEqual({ alarms: last, cycles: last, breakers: last });
  expect(lookedUp.at(-1)).toEqual([last]);
});
