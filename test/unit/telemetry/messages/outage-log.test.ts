import { describe, expect, it } from 'vitest';
import { OutageLog } from '../../../../src/telemetry/messages/outage-log.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

describe('R13: something that comes and goes', () => {
  it('is told of once when it is lost, once when the reason changes and once when it is back', () => {
    const { log, lines } = recordLog();
    let now = 1000;
    const outage = new OutageLog(log, () => now);
    expect(outage).toMatchObject({ isLost: false, reason: undefined });
    outage.lost('refused', 'lost: refused');
    now = 4000;
    outage.lost('refused', 'lost: refused, again');
    expect(outage).toMatchObject({ isLost: true, reason: 'refused' });
    outage.lost('denied', 'lost: denied');
    now = 11_000;
    outage.back((ms) => `back after ${ms} ms`);
    expect(outage).toMatchObject({ isLost: false, reason: undefined });
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'lost: refused'],
      ['debug', 'lost: refused, again'],
      ['warn', 'lost: denied'],
      ['info', 'back after 10000 ms'],
    ]);
  });

  it('is not told to be back where nothing was lost', () => {
    const { log, lines } = recordLog();
    const outage = new OutageLog(log, () => 0);
    outage.back(() => 'back');
    outage.lost('x', 'lost');
    outage.back(() => 'back');
    outage.back(() => 'back again');
    expect(lines.map(({ message }) => message)).toEqual(['lost', 'back']);
  });

  it('a second outage is measured from its own begin and told of anew', () => {
    const { log, lines } = recordLog();
    let now = 0;
    const outage = new OutageLog(log, () => now);
    outage.lost('x', 'lost');
    outage.back((ms) => `${ms}`);
    now = 5000;
    outage.lost('x', 'lost');
    now = 5500;
    outage.back((ms) => `${ms}`);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn lost',
      'info 0',
      'warn lost',
      'info 500',
    ]);
  });
});
