import { describe, expect, it } from 'vitest';
import { createLoginLog } from '../../../../src/service/web/login-log.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

describe('the log of logins', () => {
  it('tells the first wrong password of a client, then each tenfold', () => {
    const { log, lines } = recordLog();
    const logins = createLoginLog(log, () => 0);
    for (let count = 1; count <= 100; count += 1) logins.wrong('anna', '192.0.2.1', count);
    logins.right('anna', '192.0.2.1', 100);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: a wrong password on the web page from 192.0.2.1, for anna',
      'warn: 10 wrong passwords in a row on the web page from 192.0.2.1, for anna',
      'warn: 100 wrong passwords in a row on the web page from 192.0.2.1, for anna',
      'info: anna logged in on the web page from 192.0.2.1, after 100 wrong passwords from there',
    ]);
  });

  it('R24: shows nothing that can be no name', () => {
    const { log, lines } = recordLog();
    createLoginLog(log, () => 0).wrong('my secret!', '192.0.2.1', 1);
    expect(lines[0]?.message).toBe(
      'a wrong password on the web page from 192.0.2.1, for a name that no user has',
    );
  });

  it('is not filled by clients with many addresses', () => {
    const { log, lines } = recordLog();
    let now = 0;
    const logins = createLoginLog(log, () => now);
    for (let client = 0; client < 1000; client += 1) logins.wrong('anna', `10.0.0.${client}`, 1);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)?.message).toMatch(/^many wrong passwords .*no more of them are logged$/);
    now += 3_600_001;
    logins.wrong('anna', '10.0.0.1', 1);
    expect(lines).toHaveLength(22);
  });
});
