import { expect, it } from 'vitest';
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
