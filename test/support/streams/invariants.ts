import { expect } from 'vitest';
import type { Alarm } from '../../../src/domain/alarm/alarm.js';
import type { CycleEvent } from '../../../src/domain/cycle/cycle-event.js';
import type { Pipeline } from './pipeline.js';
import { CHECK_MS, RESET_MS } from './play-world.js';
import { IDS, systemNameOf } from './random-world.js';

export function neverTwoRestartsOfOne({ restarts }: Pipeline): void {
  for (const { besides, processId, systemName } of restarts) {
    const same = besides.filter(
      (run) => run.what === 'restart' && (run.systemName === systemName || run.processId === processId),
    );
    expect(same).toEqual([]);
  }
}

/** R8: a command, a restart and a health check each hold a place while they run. */
export function neverMoreThanAllowed({ runs }: Pipeline, maxParallel: number): void {
  for (const { besides } of runs) expect(besides.length).toBeLessThan(maxParallel);
}

/** R8: from its first step to its verdict a cycle owns its system name; nothing of another row happens to it meanwhile. */
export function oneOwnerOfASystemName({ steps }: Pipeline): void {
  const owners = new Map<string, number>();
  for (const { processId, type } of steps) {
    const name = systemNameOf(processId);
    if (type === 'restart') {
      expect([undefined, processId]).toContain(owners.get(name));
      owners.set(name, processId);
    } else if (VERDICTS.has(type) && owners.get(name) === processId) owners.delete(name);
  }
}

const VERDICTS: ReadonlySet<string> = new Set(['verified', 'exhausted', 'withdrawn', 'faulted']);

export function nothingRestartedThatWasNotRaised({ restarts, table }: Pipeline): void {
  for (const { processId, from } of restarts) {
    const isRaised = table.commits.some(
      (commit) => commit.processId === processId && commit.at <= from && isRaise(commit),
    );
    expect(isRaised).toBe(true);
  }
}

/** A pause lets a running cycle finish; it lets none begin. */
export function noCycleBegunWhilePaused({ events, pausesSeen }: Pipeline): void {
  for (const { type, at, processName } of events) {
    if (type !== 'detected') continue;
    const pause = pausesSeen.find(
      ({ since, until = 0, processName: paused }) => paused === processName && since < at && at < until,
    );
    expect(pause).toBeUndefined();
  }
}

export function nothingRestartedWhileOpen({ restarts, events }: Pipeline): void {
  for (const { type, at, processId } of events) {
    if (type !== 'opened') continue;
    const tooEarly = restarts.filter(
      ({ processId: id, from }) => id === processId && from > at && from < at + RESET_MS,
    );
    expect(tooEarly).toEqual([]);
  }
}

/** R10: between a failed cycle and the next restart there is a new raise, a check_interval, or the breaker's due time. */
export function failedCyclesWait({ restarts, events, changesSeen }: Pipeline): void {
  for (const [index, { type, at, processId }] of events.entries()) {
    if (type !== 'exhausted') continue;
    const next = restarts.find((restart) => restart.processId === processId && restart.from > at)?.from;
    if (next === undefined) continue;
    const alarm = events
      .slice(0, index)
      .flatMap((event) => alarmOf(event, processId))
      .at(-1);
    const raises = changesSeen.filter(
      (change) => change.processId === processId && change.kind === 'raised' && change.at <= next,
    );
    const since = raises.filter((change) => change.at >= (alarm?.seenAt ?? 0)).length;
    const isRaisedAgain = since > (alarm?.raised ? 1 : 0);
    const isChecked = Math.floor(next / CHECK_MS) > Math.floor(at / CHECK_MS);
    const isDue = events.some(
      (event) => event.processId === processId && event.type === 'opened' && event.at + RESET_MS <= next,
    );
    expect(isRaisedAgain || isChecked || isDue).toBe(true);
  }
}

function alarmOf(event: CycleEvent, processId: number): Alarm[] {
  if (event.processId !== processId) return [];
  return event.type === 'detected' || event.type === 'rechecked' ? [event.alarm] : [];
}

/** R7: the row says that all is well only when a health check answered so after the last raise that was known to us. */
export function clearedOnlyAfterAHealthCheck({ table, checks, changesSeen, writes }: Pipeline): void {
  for (const { at, processId, isOurs, after } of table.commits) {
    if (!isOurs || after.alarma !== 0) continue;
    const sentAt = writes.findLast((write) => write.processId === processId && write.at <= at)?.at ?? 0;
    const known = changesSeen.findLast((change) => change.processId === processId && change.at < sentAt);
    if (known?.kind === 'lowered') continue;
    const isChecked = checks.some(
      ({ systemName, healthy, at: answeredAt }) =>
        systemName === systemNameOf(processId) &&
        healthy &&
        answeredAt >= (known?.at ?? 0) &&
        answeredAt <= sentAt,
    );
    expect(isChecked).toBe(true);
  }
}

/** R1, R7, R12: no alarm stands, and the last raise of each process that nobody took back was answered: it is healthy. */
export function everythingAnswered({ table, checks, breakers, slots }: Pipeline): void {
  expect(table.standing()).toEqual([]);
  expect([slots.held, slots.waiting]).toEqual([0, 0]);
  for (const id of IDS) {
    const changes = table.commits.filter(
      ({ processId, before, after, isOurs }) => processId === id && before.alarma !== after.alarma && !isOurs,
    );
    const last = changes.at(-1);
    // The checks of a shared daemon answer the alarms of either name.
    if (!last || !isRaise(last) || isShared(id)) continue;
    const answer = checks.findLast(({ systemName }) => systemName === systemNameOf(id));
    expect(answer).toMatchObject({ healthy: true });
    expect(answer?.at).toBeGreaterThanOrEqual(last.at);
    expect(breakers.get(id).state).not.toBe('open');
  }
}

/**
 * R1, R12: no alarm stands, and some health check found the process healthy after the last raise that nobody took back.
 * Less than `everythingAnswered`: where reconciles tell of alarms, a row that is read late may start one cycle too many.
 */
export function everyRaiseSeen({ table, checks }: Pipeline): void {
  expect(table.standing()).toEqual([]);
  for (const id of IDS) {
    const last = table.commits.findLast(
      ({ processId, before, after, isOurs }) => processId === id && before.alarma !== after.alarma && !isOurs,
    );
    if (!last || !isRaise(last) || isShared(id)) continue;
    const answered = checks.some(
      ({ systemName, healthy, at }) => systemName === systemNameOf(id) && healthy && at >= last.at,
    );
    expect(answered).toBe(true);
  }
}

function isShared(id: number): boolean {
  return IDS.filter((other) => systemNameOf(other) === systemNameOf(id)).length > 1;
}

function isRaise({ before, after }: { before: { alarma: number }; after: { alarma: number } }): boolean {
  return before.alarma !== 1 && after.alarma === 1;
}
