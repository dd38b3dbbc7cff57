import { describe, expect, it } from 'vitest';
import type { CycleEvent } from '../../../src/domain/cycle/cycle-event.js';
import { ObserverList } from '../../../src/service/shared/observer-list.js';
import { cycleEvent } from '../../support/streams/cycle-events.js';

const event = cycleEvent({ type: 'closed' });

describe('Observers', () => {
  it('tell everybody, in the order of the list', () => {
    const told: string[] = [];
    const observers = new ObserverList(
      [
        { onEvent: ({ type }) => told.push(`first ${type}`) },
        { onSignal: ({ kind }) => told.push(`second ${kind}`) },
        { onEvent: ({ type }) => told.push(`third ${type}`), onSignal: () => told.push('third') },
      ],
      () => {},
    );
    observers.tellEvent(event);
    observers.tellSignal({ kind: 'streaming' });
    expect(told).toEqual(['first closed', 'third closed', 'second streaming', 'third']);
  });

  it('R13: one who throws keeps nothing from the others, and is told of', () => {
    const told: CycleEvent[] = [];
    const failures: unknown[] = [];
    const broken = new Error('no');
    const observers = new ObserverList(
      [
        {
          onEvent() {
            throw broken;
          },
        },
        { onEvent: (taken) => told.push(taken) },
      ],
      (error) => failures.push(error),
    );
    observers.tellEvent(event);
    expect(told).toEqual([event]);
    expect(failures).toEqual([broken]);
  });

  it('who comes hears what happens from then on, until he leaves', () => {
    const told: CycleEvent[] = [];
    const observers = new ObserverList([], () => {});
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
