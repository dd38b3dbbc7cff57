import { expect, it, onTestFinished } from 'vitest';
import { StandingPage } from '../../../src/domain/alarm/standing-page.js';
import type { DatabaseServer } from '../../../src/domain/database-server.js';
import { LiveConfig } from '../../../src/service/shared/live-config.js';
import { openPersistentState } from '../../../src/service/state/persistent-state.js';
import { recordLog } from '../../support/telemetry/recorded-log.js';
import { load, tempFolder } from '../../unit/config/temp-config.js';

const NOBODY_RAISED = new StandingPage([], { after: undefined, upTo: undefined });
const MINUTE = 60_000;

it('R37: a clear is in doubt if the old server had it within its last minute, until one that may write shows it', async () => {
  const config = load(`[database]\nuser = u\n[monitor]\nstate_file = ${tempFolder()}/state.json`);
  const state = await openPersistentState(new LiveConfig(config), recordLog().log);
  onTestFinished(async () => {
    state.stopTimers();
    await state.flush();
  });
  const now = Date.now();
  const clear = { type: 'cleared', changed: true, notes: '', tookMs: 1 } as const;
  state.onEvent({ ...clear, processId: 7, processName: 'seven', at: now - 10 * MINUTE });
  const was = server(21, true);
  // Promoted ten minutes after the crash, and still read-only when it is found.
  state.onServerChange({ now: server(22, false), was, isOther: true, wasHeardAt: now - 10 * MINUTE + 1000 });
  expect(state.isClearInDoubt(7)).toBe(true);
  expect(state.wasVerified(7)).toBe(true);
  state.onPage(NOBODY_RAISED, now);
  expect(state.isClearInDoubt(7)).toBe(true);
  state.onServerChange({ now: server(22, true), was: server(22, false), isOther: false });
  expect(state.isClearInDoubt(7)).toBe(true);
  state.onPage(NOBODY_RAISED, now);
  expect(state.isClearInDoubt(7)).toBe(false);
});

function server(serverId: number, mayWrite: boolean): DatabaseServer {
  const instance = `host:3306:${serverId}`;
  return {
    place: 'db:3306',
    identity: instance,
    instance,
    serverId,
    hostname: 'host',
    mayWrite,
    hasQuorum: true,
  };
}
