import { describe, expect, it } from 'vitest';
import { CannotTellError } from '../../../../src/domain/cycle/restart-target.js';
import type { FindProcesses } from '../../../../src/restart/processes/find-processes.js';
import type { ProcessStat } from '../../../../src/restart/processes/process-info.js';
import { StartMemory } from '../../../../src/restart/start/start-memory.js';
import type { ProgramStart } from '../../../../src/restart/start/start-plan.js';
import { forgetOwedStart } from '../../../../src/restart/strategies/forget-owed-start.js';
import { targetOf } from '../../../support/restart/target.js';

const STOPPED = { pid: 100, startTime: 1 };
const START = { kind: 'program', file: '/opt/app', seenAs: STOPPED } as unknown as ProgramStart;
const TARGET = { ...targetOf('app', { stopTimeoutMs: 10_000 }), hasSection: false };

/** What an earlier run has left, with what runs now. */
function owing(...running: readonly (typeof STOPPED)[]) {
  return owingAll([START], running);
}

function owingAll(owed: readonly ProgramStart[], running: readonly (typeof STOPPED)[]) {
  const memory = new StartMemory(new Map([['app', owed]]), ['app']);
  const instances = running.map((identity) => ({ root: identity as ProcessStat, below: [] }));
  const found: FindProcesses = async () => ({ instances, onTerminal: [], fitsOurselves: false });
  const look = (find = found, sinceMs = 0) => forgetOwedStart(TARGET, memory, find, sinceMs);
  return { memory, found, look, isOwed: () => memory.begun.has('app') && memory.get('app') !== undefined };
}

describe('R25: the start that an earlier run owes to a process without a section', () => {
  it('is forgotten when the process runs again', async () => {
    const { memory, look, isOwed } = owing({ pid: 200, startTime: 9 });
    let changes = 0;
    memory.onChange(() => {
      changes += 1;
    });
    await look();
    expect(isOwed()).toBe(false);
    expect(memory.get('app')).toBeUndefined();
    expect(changes).toBe(1);
  });

  it('R11: is kept while it does not run, or while that cannot be told', async () => {
    const { look, isOwed } = owing();
    await look();
    await look(() => Promise.reject(new CannotTellError('/proc cannot be read')));
    expect(isOwed()).toBe(true);
  });

  it('R11: is kept while the process that was to be stopped may be ending still', async () => {
    const { look, found, isOwed } = owing(STOPPED);
    await look(found, 10_000);
    expect(isOwed()).toBe(true);
    await look(found, 10_001);
    expect(isOwed()).toBe(false);
  });

  it('R11: is kept while fewer instances run than were stopped', async () => {
    const other = { pid: 101, startTime: 1 };
    const owed = [START, { ...START, seenAs: other }];
    // The service was killed between the two, or somebody has started one of them.
    for (const running of [other, { pid: 200, startTime: 9 }]) {
      const { look, found, isOwed } = owingAll(owed, [running]);
      await look(found, 10_001);
      expect(isOwed()).toBe(true);
    }
    const { look, found, isOwed } = owingAll(owed, [other, { pid: 200, startTime: 9 }]);
    await look(found, 10_000);
    expect(isOwed()).toBe(true);
    await look(found, 10_001);
    expect(isOwed()).toBe(false);
  });

  it.each<[string, (memory: StartMemory) => unknown]>([
    ['is about to stop it', (memory) => memory.begin('app')],
    ['has recorded how it runs', (memory) => memory.set('app', [START])],
  ])('R11: is kept where a restart %s during the look', async (_, act) => {
    const { memory, look, found, isOwed } = owing({ pid: 200, startTime: 9 });
    await look(async (...args) => {
      const seen = await found(...args);
      await act(memory);
      return seen;
    });
    expect(isOwed()).toBe(true);
  });
});
