import { describe, expect, it } from 'vitest';
import { type DatabaseServer, isEnough, isMove } from '../../../src/domain/database-server.js';

const SERVER: DatabaseServer = {
  place: 'db1:3306',
  identity: 'one',
  instance: 'one',
  serverId: 1,
  hostname: 'db1',
  mayWrite: true,
  hasQuorum: true,
};

describe('R37: the server that was found', () => {
  it.each([
    { what: 'may write', mayWrite: true, hasQuorum: true, clears: true, reads: true },
    { what: 'is read-only', mayWrite: false, hasQuorum: true, clears: false, reads: true },
    { what: 'is cut off', mayWrite: true, hasQuorum: false, clears: false, reads: false },
    { what: 'is read-only and cut off', mayWrite: false, hasQuorum: false, clears: false, reads: false },
  ])('which $what is enough for one who clears: $clears, for acknowledge = none: $reads', (given) => {
    const server = { ...SERVER, mayWrite: given.mayWrite, hasQuorum: given.hasQuorum };
    expect([isEnough(server, false), isEnough(server, true)]).toEqual([given.clears, given.reads]);
  });

  it('is a move only where another one was left', () => {
    expect(isMove({ now: SERVER, isOther: true })).toBe(false);
    expect(isMove({ now: SERVER, was: SERVER, isOther: false })).toBe(false);
    expect(isMove({ now: SERVER, was: { ...SERVER, identity: 'two' }, isOther: true })).toBe(true);
  });
});
