import { type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { lookUpName } from '../../../src/streams/look-up-name.js';
import { marbles } from '../../support/marbles.js';

describe('R3: the patience of a look-up', () => {
  it('a row that is there is taken at the first look', () => {
    const { look, lookedAt } = looks((): Observable<string | undefined> => of('nginx'));
    marbles(({ scheduler, expectObservable, flush }) => {
      expectObservable(lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler) })).toBe('(n|)', {
        n: 'nginx',
      });
      flush();
    });
    expect(lookedAt).toEqual([0]);
  });

  it('a row that is not there is looked for again for 2 s, ever more seldom, then is none', () => {
    const { look, lookedAt } = looks((): Observable<string | undefined> => of(undefined));
    marbles(({ scheduler, expectObservable, flush }) => {
      const found = lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler) });
      expectObservable(found).toBe('2000ms (n|)', { n: undefined });
      flush();
    });
    expect(lookedAt).toEqual([0, 5, 15, 40, 100, 250, 600, 1200, 2000]);
  });

  it('a row that becomes visible is taken at the next look', () => {
    const { look } = looks((at): Observable<string | undefined> => of(at < 11 ? undefined : 'nginx'));
    marbles(({ scheduler, expectObservable }) => {
      const found = lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler) });
      expectObservable(found).toBe('15ms (n|)', { n: 'nginx' });
    });
  });

  it('a row that was changed just now is not looked at before it is visible', () => {
    const { look, lookedAt } = looks((at) => of(at < 11 ? 'old' : 'new'));
    marbles(({ scheduler, expectObservable, flush }) => {
      const found = lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler), afterMs: 100 });
      expectObservable(found).toBe('100ms (n|)', { n: 'new' });
      flush();
    });
    expect(lookedAt).toEqual([100]);
  });

  it('R13: a database that is away is waited for, with a back-off, and every failure is told', () => {
    const errors: unknown[] = [];
    const away = new Error('away');
    const { look, lookedAt } = looks(
      (at): Observable<string | undefined> => (at < 500 ? throwError(() => away) : of('nginx')),
    );
    marbles(({ scheduler, expectObservable, flush }) => {
      const found = lookUpName({
        look: () => look(scheduler.now()),
        ...rest(scheduler),
        onError: (error) => errors.push(error),
      });
      // 75 % of 100, 200 and 400 ms.
      expectObservable(found).toBe('525ms (n|)', { n: 'nginx' });
      flush();
    });
    expect(lookedAt).toEqual([0, 75, 225, 525]);
    expect(errors).toEqual([away, away, away]);
  });

  it('a look that throws counts as a failed one', () => {
    marbles(({ scheduler, expectObservable }) => {
      const found = lookUpName({
        look: (): Observable<string> => {
          if (scheduler.now() < 50) throw new Error('odd');
          return of('nginx');
        },
        ...rest(scheduler),
      });
      expectObservable(found).toBe('75ms (n|)', { n: 'nginx' });
    });
  });

  it('who leaves while the database is away ends it', () => {
    const { look, lookedAt } = looks(() => throwError(() => new Error('away')));
    marbles(({ scheduler, expectObservable, flush }) => {
      expectObservable(lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler) }), '300ms !').toBe(
        '',
      );
      flush();
    });
    expect(lookedAt).toEqual([0, 75, 225]);
  });

  it('R13: an error that cannot be told ends this look-up alone', () => {
    const untellable = new Error('no log');
    marbles(({ scheduler, expectObservable }) => {
      const found = lookUpName({
        look: () => throwError(() => new Error('away')),
        ...rest(scheduler),
        onError: () => {
          throw untellable;
        },
      });
      expectObservable(found).toBe('#', undefined, untellable);
    });
  });

  it('who leaves ends it', () => {
    const { look, lookedAt } = looks((): Observable<string | undefined> => of(undefined));
    marbles(({ scheduler, expectObservable, flush }) => {
      const found = lookUpName({ look: () => look(scheduler.now()), ...rest(scheduler) });
      expectObservable(found, '50ms !').toBe('');
      flush();
    });
    expect(lookedAt).toEqual([0, 5, 15, 40]);
  });
});

function looks<T>(answer: (at: number) => Observable<T>) {
  const lookedAt: number[] = [];
  const look = (at: number): Observable<T> => {
    lookedAt.push(at);
    return answer(at);
  };
  return { look, lookedAt };
}

function rest<S>(scheduler: S) {
  return { onError: () => {}, scheduler, random: () => 0.5 };
}
