import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandledAlarms } from '../../../src/domain/alarm/handled-alarms.js';
import type { CycleEvent, CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import { Breakers } from '../../../src/state/breakers.js';
import { OwedRestarts } from '../../../src/state/owed-restarts.js';
import { Pauses } from '../../../src/state/pauses.js';
import { ProcessIdentities } from '../../../src/state/process-identities.js';
import { RecentClears } from '../../../src/state/recent-clears.js';
import { loadStateFile } from '../../../src/state/state-file.js';
import { StateStore } from '../../../src/state/state-store.js';
import { UnconfirmedClears } from '../../../src/state/unconfirmed-clears.js';
import { BREAKER_LIMITS } from '../../support/breaker-limits.js';

const verified: CycleEventData = {
  type: 'verified',
  attempt: 1,
  report: { strategy: 'custom', detail: '' },
  detail: '',
  tookMs: 1,
};

describe('state keeper', () => {
  let directory: string;
  let keeper: StateStore;
  let pauses: Pauses;
  let answered: HandledAlarms;
  let unconfirmed: UnconfirmedClears;
  let problems: string[];
  const file = (): string => join(directory, 'state.json');
  const at = 1_000_000;
  const happen = (happening: CycleEventData): void => {
    const event: CycleEvent = { processId: 7, processName: 'alpha', at, ...happening };
    keeper.onEvent(event);
  };
  const saved = async (): Promise<number[]> => {
    await keeper.flush();
    return [...(await loadStateFile(file(), () => {})).verified.keys()];
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-keeper-'));
    problems = [];
    pauses = new Pauses(asyncScheduler);
    answered = new HandledAlarms();
    const breakers = new Breakers(() => ({ ...BREAKER_LIMITS, resetTimeMs: 1000 }), asyncScheduler);
    unconfirmed = new UnconfirmedClears();
    keeper = new StateStore({
      file: file(),
      breakers,
      pauses,
      answered,
      unconfirmed,
      identities: new ProcessIdentities(),
      verified: new Map(),
      unproven: new Map(),
      owed: new OwedRestarts(() => []),
      recentClears: new RecentClears(),
      onFailure: (problem) => problems.push(problem),
      onSuccess: () => {},
    });
  });
  afterEach(async () => {
    await keeper.flush();
    await rm(directory, { recursive: true, force: true });
    expect(problems).toEqual([]);
  });

  it('R11: a verified cycle is on the disk until its alarm is cleared', async () => {
    happen(verified);
    expect(await saved()).toEqual([7]);
    happen({ type: 'cleared', changed: true, notes: '', tookMs: 1 });
    expect(await saved()).toEqual([]);
  });

  it.each([
    ['a further attempt', { type: 'attempt-started', attempt: 1, maxAttempts: 2 }],
    ['an answer that is not written', { type: 'answered', notes: '' }],
    ['a withdrawal', { type: 'withdrawn' }],
  ] satisfies [string, CycleEventData][])('R11: %s ends what was verified', async (_, happening) => {
    happen(verified);
    happen(happening);
    expect(await saved()).toEqual([]);
  });

  it('R11: an answered alarm that stays raised is on the disk until it is taken back', async () => {
    const saved = async (): Promise<readonly number[]> => {
      await keeper.flush();
      return (await loadStateFile(file(), () => {})).answered;
    };
    answered.add(7, 1);
    expect(await saved()).toEqual([7]);
    answered.lower(7, at);
    expect(await saved()).toEqual([]);
  });

  it('R12: what was cleared is on the disk until it is settled', async () => {
    const savedUnsettled = async (): Promise<number[]> => {
      await keeper.flush();
      return [...(await loadStateFile(file(), () => {})).unconfirmed.keys()];
    };
    unconfirmed.onEvent({
      processId: 7,
      processName: 'alpha',
      at,
      type: 'cleared',
      changed: true,
      notes: '',
      tookMs: 1,
    });
    expect(await savedUnsettled()).toEqual([7]);
    unconfirmed.confirm(7);
    expect(await savedUnsettled()).toEqual([]);
  });

  it('R11: an alarm that stands no more was cleared after all; the next one is new', async () => {
    happen(verified);
    keeper.forgetGone((id) => id !== 7, at + 60_000);
    expect(keeper.wasVerified(7)).toBe(true);
    keeper.forgetGone((id) => id !== 8, at + 60_000);
    expect(keeper.wasVerified(7)).toBe(false);
    expect(await saved()).toEqual([]);
  });

  it('R11: a pause is on the disk until it is lifted', async () => {
    const read = async () => (await loadStateFile(file(), () => {})).pauses;
    const pause = { processName: 'httpd', since: Date.now(), by: 'alice', reason: 'new disks' };
    pauses.add(pause);
    await keeper.flush();
    expect(await read()).toEqual([pause]);
    pauses.end(() => true);
    await keeper.flush();
    expect(await read()).toEqual([]);
  });

  it('R3, R11: a row that a SELECT may not see yet is not taken for cleared', () => {
    happen(verified);
    keeper.forgetGone(() => true, at + 1000);
    expect(keeper.wasVerified(7)).toBe(true);
  });

  it('R11: nor is one that was verified while a slow reading was under way, unless the clock was set back', () => {
    happen(verified);
    keeper.forgetGone(() => true, at - 1000, at + 9000);
    expect(keeper.wasVerified(7)).toBe(true);
    keeper.forgetGone(() => true, at - 60_000, at - 60_000);
    expect(keeper.wasVerified(7)).toBe(false);
  });
});
