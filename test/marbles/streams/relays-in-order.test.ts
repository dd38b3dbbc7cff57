import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toBinlogError } from '../../../src/db/binlog/to-binlog-error.js';
import { BinlogError, type BinlogSignal } from '../../../src/domain/alarm/binlog-signal.js';
import { RelaysInOrder } from '../../../src/streams/relays-in-order.js';
import { type Marbles, marbles } from '../../support/marbles.js';

const UP: BinlogSignal = { kind: 'streaming' };

/** What each connection to each relay does, in turn. `#` is its own fault. */
function setUp({ cold }: Marbles, plans: readonly (readonly string[])[], error = new BinlogError('down')) {
  const tried: string[] = [];
  const left = plans.map((each) => [...each]);
  const relays = new RelaysInOrder({
    places: plans.map((_, index) => `relay${index + 1}`),
    connect: (index) => {
      tried.push(String(index + 1));
      return cold<BinlogSignal>(left[index]?.shift() ?? '#', { u: UP }, error);
    },
    toBinlogError,
    onSkipped: (place) => tried.push(`${place} skipped`),
  });
  const connect = () => relays.connect().pipe(map(({ kind }) => kind[0]));
  return { connect, tried };
}

describe('R38: RelaysInOrder', () => {
  it('takes the next relay at once if one cannot be used, and stays there', () => {
    marbles((helpers) => {
      const { connect, tried } = setUp(helpers, [['--#'], ['u', 'u']]);
      helpers.expectObservable(connect(), '9ms !').toBe('--s');
      helpers.expectObservable(connect(), '20ms ^ 9ms !').toBe('20ms s');
      helpers.flush();
      expect(tried).toEqual(['1', 'relay1 skipped', '2', '2']);
    });
  });

  it('errors if a stream that was up is lost, and begins with the next one then', () => {
    marbles((helpers) => {
      const { connect, tried } = setUp(helpers, [['u-#'], ['u']]);
      helpers.expectObservable(connect()).toBe('s-#', undefined, new BinlogError('relay1: down'));
      helpers.expectObservable(connect(), '20ms ^ 9ms !').toBe('20ms s');
      helpers.flush();
      expect(tried).toEqual(['1', '2']);
    });
  });

  it('says of each why none can be used', () => {
    marbles((helpers) => {
      const { connect } = setUp(helpers, [['#'], ['#']]);
      const none = new BinlogError('no relay can be used: relay1: down; relay2: down');
      helpers.expectObservable(connect()).toBe('#', undefined, none);
    });
  });

  it('tries no other relay if none is to blame', () => {
    marbles((helpers) => {
      const error = new BinlogError('still', { isOfPrimary: true });
      const { connect, tried } = setUp(helpers, [['#', 'u'], ['u']], error);
      helpers.expectObservable(connect()).toBe('#', undefined, error);
      helpers.expectObservable(connect(), '20ms ^ 9ms !').toBe('20ms s');
      helpers.flush();
      expect(tried).toEqual(['1', '1']);
    });
  });
});
