import assert from 'node:assert/strict';
import { VirtualTimeScheduler } from 'rxjs';
import * as z from 'zod';
import { HandledAlarms } from '../../src/domain/alarm/handled-alarms.js';
import { describePause } from '../../src/domain/cycle/pause.js';
import { Breakers } from '../../src/state/breakers.js';
import { Pauses } from '../../src/state/pauses.js';
import { formatState, parseState, type SavedState } from '../../src/state/saved-state.js';
import { UnconfirmedClears } from '../../src/state/unconfirmed-clears.js';
import { BREAKER_LIMITS } from '../support/breaker-limits.js';
import type { FuzzTarget } from './fuzz-target.js';

const LIMITS = { ...BREAKER_LIMITS, resetMaxMs: 14_400_000, maxRestarts: 10 };

/** The state file: it is read or refused as a whole, an entry is read or left out, and what is read can be used. */
export const target: FuzzTarget = {
  open: () => ({
    run(input) {
      const state = read(input);
      if (!state) return;
      use(state);
      const again = parseState(formatState(state));
      assert.deepEqual(again.unreadable, []);
      assert.deepEqual(formatState(again.state), formatState(state));
    },
  }),
};

function read(text: string): SavedState | undefined {
  try {
    return parseState(text).state;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

function use(state: SavedState): void {
  const scheduler = new VirtualTimeScheduler();
  const breakers = new Breakers(() => LIMITS, scheduler, state.breakers, state.restarts);
  for (const processId of state.breakers.keys()) {
    assert.ok(Number.isSafeInteger(processId), `process_id ${processId}`);
    const { retryAt } = breakers.describe(processId);
    assert.ok(!Number.isNaN(new Date(retryAt).getTime()), `retryAt ${retryAt}`);
    const guarded = { processId, systemName: 'x' };
    const { permit } = breakers.request(guarded, false);
    if (permit) breakers.report(guarded, permit, 'failure');
  }
  breakers.stop();
  const pauses = new Pauses(scheduler, state.pauses);
  for (const pause of pauses.snapshot()) assert.ok(!describePause(pause).includes('Invalid'));
  pauses.stop();
  new UnconfirmedClears(new Map([...state.verified, ...state.unconfirmed])).onPage(new Set());
  for (const id of new HandledAlarms(state.answered).snapshot()) assert.ok(Number.isSafeInteger(id));
}
