import { lastValueFrom, Subject, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { createRequestedAlarm } from '../../../../src/domain/alarm/alarm.js';
import type { CycleEvent, CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import { LogicalClock } from '../../../../src/domain/logical-clock.js';
import { restartLines } from '../../../../src/service/admin/restart-lines.js';

const tell = (events: Subject<CycleEvent>, happening: CycleEventData): void =>
  events.next({ processId: 1, processName: 'alpha', at: 0, ...happening });

it('tell what follows the verdict in the same turn, and not what the database answers at once', async () => {
  const events = new Subject<CycleEvent>();
  const lines = lastValueFrom(restartLines(events).pipe(toArray()));
  tell(events, { type: 'attempt-started', attempt: 1, maxAttempts: 1 });
  tell(events, { type: 'exhausted', step: 'restart', reason: 'exit code 3', attempts: 1 });
  tell(events, { type: 'opened', failures: 1, retryAt: 0 });
  // As early as any promise can tell of the note.
  await Promise.resolve();
  tell(events, { type: 'noted', changed: true, notes: 'FAILED' });
  events.complete();
  expect((await lines).map((line) => ('type' in line ? line.type : line.verified))).toEqual([
    'attempt-started',
    'exhausted',
    'opened',
    false,
  ]);
});

it('end with a health check that leaves nothing to restart, and say so; one that fails goes on', async () => {
  const events = new Subject<CycleEvent>();
  const lines = lastValueFrom(restartLines(events).pipe(toArray()));
  const alarm = createRequestedAlarm(1, 'alpha', 'alice', { seenAt: 0, steadyAt: 0 }, new LogicalClock());
  tell(events, { type: 'rechecked', alarm, healthy: false, detail: 'exit code 1' });
  tell(events, { type: 'rechecked', alarm, healthy: true, detail: 'pid 7' });
  expect((await lines).slice(1)).toEqual([
    expect.objectContaining({ type: 'rechecked' }),
    { verified: false, message: 'healthy, not restarted (pid 7)' },
  ]);
});

it('end with the cycle, also if no event says what became of it', async () => {
  const events = new Subject<CycleEvent>();
  const lines = lastValueFrom(restartLines(events).pipe(toArray()));
  const alarm = createRequestedAlarm(1, 'alpha', 'alice', { seenAt: 0, steadyAt: 0 }, new LogicalClock());
  tell(events, { type: 'detected', alarm });
  events.complete();
  expect(await lines).toEqual([
    expect.objectContaining({ type: 'detected' }),
    expect.objectContaining({
      verified: false,
      message: expect.stringContaining('not restarted: while it waited'),
    }),
  ]);
});
