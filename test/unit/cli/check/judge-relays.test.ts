import { describe, expect, it } from 'vitest';
import {
  judgeHeartbeat,
  judgeRelay,
  judgeReplicationSlave,
} from '../../../../src/cli/check/database/judge-relays.js';
import { BinlogError } from '../../../../src/domain/alarm/binlog-signal.js';

const FRESH = { place: 'relay1:3306', version: '10.11.19-MariaDB', diagnoses: [], lagMs: 300 } as const;
const EVENT = '`alarms`.fleet_heartbeat';
const STILL = { ...FRESH, failure: new BinlogError('it is behind', { remedy: 'look there' }) };

describe('R38: what check says of relays', () => {
  it('a fresh one is good, with how far it is behind', () => {
    expect(judgeRelay(FRESH, true)).toEqual([
      {
        level: 'ok',
        subject: 'relay1:3306',
        message: 'a relay, 10.11.19-MariaDB, sends its binlog and is as new as the primary',
      },
    ]);
    expect(judgeRelay({ ...FRESH, lagMs: 4200 }, true)[0]?.message).toMatch(/4\.2 s behind the primary$/);
  });

  it('one that cannot be used is a fault, or a warning where another one can', () => {
    const found = { subject: 'relay1:3306', message: 'it is behind', remedy: 'look there' };
    expect(judgeRelay(STILL, false)).toEqual([{ level: 'fault', ...found }]);
    expect(judgeRelay(STILL, true)).toEqual([{ level: 'warning', ...found }]);
  });

  it('names what is wrong with its settings', () => {
    const diagnoses = [{ severity: 'warning', message: 'x is y', remedy: 'set x' }] as const;
    expect(judgeRelay({ ...FRESH, diagnoses }, true)[1]).toMatchObject({
      level: 'warning',
      subject: 'relay1:3306 server',
    });
  });

  it.each([
    ['OFF', /event_scheduler = OFF/, /SET GLOBAL event_scheduler = ON/],
    ['ON', /its event is disabled/, /ALTER EVENT `alarms`\.fleet_heartbeat ENABLE/],
  ])('a heartbeat that stands still, event_scheduler = %s', (scheduler, message, remedy) => {
    expect(judgeHeartbeat(false, scheduler, EVENT)).toMatchObject({
      level: 'fault',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
    expect(judgeHeartbeat(true, scheduler, EVENT).level).toBe('ok');
  });

  it('an account that may read the binlog of the primary is told how to lose that', () => {
    const account = { user: 'monitor_service', host: '192.0.2.%' };
    expect(judgeReplicationSlave(false, account)[0]?.level).toBe('ok');
    expect(judgeReplicationSlave(true, account)).toMatchObject([
      { level: 'warning', remedy: expect.stringMatching(/REVOKE .* 'monitor_service'@'192\.0\.2\.%'/) },
    ]);
  });
});
