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
});
