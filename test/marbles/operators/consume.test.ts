import { describe, expect, it } from 'vitest';
import { consume } from '../../../src/operators/consume.js';
import { marbles } from '../../support/marbles.js';

describe('consume', () => {
  it('hands over the values, and passes on the completion alone', () => {
    const taken: string[] = [];
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const source = cold('a-b-|');
      expectObservable(source.pipe(consume((value) => taken.push(value)))).toBe('----|');
      expectSubscriptions(source.subscriptions).toBe('^---!');
      flush();
    });
    expect(taken).toEqual(['a', 'b']);
  });

  it('passes on an error', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a-#').pipe(consume(() => {}))).toBe('--#');
    });
  });

  it('what cannot be taken is an error, and the source is left', () => {
    const error = new Error('not this one');
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-b-|');
      const take = (value: string): void => {
        if (value === 'b') throw error;
      };
      expectObservable(source.pipe(consume(take))).toBe('--#', undefined, error);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('who leaves is left', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-b-|');
      expectObservable(source.pipe(consume(() => {})), '^-!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });
});
