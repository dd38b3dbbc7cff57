import { isWebUserName } from '../../domain/web-user.js';
import { msSinceBoot } from '../../lib/boot-clock.js';
import type { Log } from '../../telemetry/log/log.js';
import type { LoginLog } from '../../web/login/login.js';

/** So many lines about wrong passwords in an hour; clients with many addresses must not fill the log. */
const MAX_LINES = 20;
const HOUR_MS = 3_600_000;

/** Logs who logs in, and wrong passwords: one line for a client, then one for each tenfold. Times come from `now`, ms. */
export function createLoginLog(log: Log, now: () => number = msSinceBoot): LoginLog {
  let since = Number.NEGATIVE_INFINITY;
  let lines = 0;
  const mayTell = (): boolean => {
    if (now() - since > HOUR_MS) {
      since = now();
      lines = 0;
    }
    lines += 1;
    if (lines === MAX_LINES + 1)
      log.warn(
        'monitor_service',
        'many wrong passwords on the web page: for an hour no more of them are logged',
      );
    return lines <= MAX_LINES;
  };
  return {
    right(user, address, wrong) {
      const after = wrong === 0 ? '' : `, after ${wrong} wrong passwords from there`;
      log.info('monitor_service', `${user} logged in on the web page from ${address}${after}`);
    },
    wrong(user, address, count) {
      if (!Number.isInteger(Math.log10(count)) || !mayTell()) return;
      const what = count === 1 ? 'a wrong password' : `${count} wrong passwords in a row`;
      log.warn('monitor_service', `${what} on the web page from ${address}, for ${shown(user)}`);
    },
    uncheckable(user) {
      const remedy = `make it again with monitor_service web-password ${user}`;
      const problem = `the password of ${user} cannot be checked: this host has no scrypt; ${remedy}`;
      log.error('monitor_service', problem);
    },
  };
}

/** What somebody types is shown only if it can be a name: it might be a password. */
function shown(user: string): string {
  return isWebUserName(user) ? user : 'a name that no user has';
}
