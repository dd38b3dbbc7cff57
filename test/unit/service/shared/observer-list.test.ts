import { setImmediate } from 'node:timers/promises';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { CycleEvent } from '../../../../src/domain/cycle/cycle-event.js';
import { ObserverList } from '../../../../src/service/shared/observer-list.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const event = cycleEvent({ type: 'closed' });

describe('the list of observers', () => {
  it('tell everybody, in the order of the list', () => {
    const told: string[] = [];
    const observers = new ObserverList(
      [
        { onEvent: ({ type }) => told.push(`first ${type}`) },
        { onSignal: ({ kind }) => told.push(`second ${kind}`) },
        { onEvent: ({ type }) => told.push(`third ${type}`), onSignal: () => told.push('third') },
      ],
      recordLog().log,
    );
    observers.tellEvent(event);
    observers.tellSignal({ kind: 'streaming' });
    expect(told).toEqual(['first closed', 'third closed', 'second streaming', 'third']);
  });

  it('R13: one who throws keeps nothing from the others, and is told of', () => {
    const told: CycleEvent[] = [];
    const { log, lines } = recordLog();
    const observers = new ObserverList(
      [
        {
          onEvent() {
            throw new Error('no');
          },
        },
        { onEvent: (taken) => told.push(taken) },
      ],
      log,
    );
    observers.tellEvent(event);
    expect(told).toEqual([event]);
    expect(lines).toEqual([
      {
        level: 'error',
        subject: 'monitor_service',
        message: 'internal error, the service goes on: no',
      },
    ]);
  });

  it('who comes hears what happens from then on, until he leaves', () => {
    const told: CycleEvent[] = [];
    const observers = new ObserverList([], recordLog().log);
    observers.tellEvent(cycleEvent({ type: 'half-opened' }));
    const subscription = observers.events.subscribe((taken) => {
      told.push(taken);
      subscription.unsubscribe();
    });
    observers.tellEvent(event);
    observers.tellEvent(event);
    expect(told).toEqual([event]);
  });

  it('who listens to one cycle hears it until it has ended, with what is told of it in the same turn', async () => {
    const observers = new ObserverList([], recordLog().log);
    const told = lastValueFrom(observers.eventsOfCycle(event.processId).pipe(toArray()));
    observers.tellEvent({ ...event, processId: event.processId + 1 });
    observers.ended(event.processId + 1);
    await setImmediate();
    observers.ended(event.processId);
    observers.tellEvent(event);
    await setImmediate();
    observers.tellEvent(event);
    expect(await told).toEqual([event]);
  });
});
