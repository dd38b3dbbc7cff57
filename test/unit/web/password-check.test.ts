import { beforeAll, describe, expect, it } from 'vitest';
import { hashBy, isPassword, NoScryptError } from '../../../src/lib/password-hash.js';
import { Sessions } from '../../../src/web/access/sessions.js';
import { Login } from '../../../src/web/login/login.js';
import { PasswordCheck } from '../../../src/web/login/password-check.js';

let derived: string[] = [];
/** As on a FIPS host. No Node.js of ours lacks scrypt. */
const withoutScrypt: typeof isPassword = async (password, hash) => {
  if (hash.way.name === 'scrypt') throw new NoScryptError('digital envelope routines::unsupported');
  derived.push(hash.way.name);
  return await isPassword(password, hash);
};

describe('the queue of passwords', () => {
  it('has places that are kept for clients without a wrong password', async () => {
    const check = new PasswordCheck();
    const { text } = await hashBy({ name: 'scrypt', logN: 10, r: 8, p: 1 }, 'right');
    const suspects = Array.from({ length: 9 }, () => check.check('x', text, { isSuspect: true }));
    expect(suspects.filter((judging) => judging === undefined)).toHaveLength(4);
    expect(await check.check('right', text, { isSuspect: false })).toBe('right');
    expect(await Promise.all(suspects.slice(0, 5))).toEqual(Array.from({ length: 5 }, () => 'wrong'));
  });
});

describe('without scrypt', () => {
  const users = new Map<string, string>();
  beforeAll(async () => {
    users.set('anna', (await hashBy({ name: 'scrypt', logN: 10, r: 8, p: 1 }, 'right')).text);
    users.set('berta', (await hashBy({ name: 'pbkdf2-sha512', iterations: 100_000 }, 'right')).text);
  });

  function open() {
    let current: ReadonlyMap<string, string> = users;
    let client = 0;
    const told: string[] = [];
    const login = new Login({
      ...{ users: () => current, sessions: new Sessions(Date.now), now: Date.now, isPassword: withoutScrypt },
      log: {
        right: (user) => void told.push(`right ${user}`),
        wrong: (user) => void told.push(`wrong ${user}`),
        uncheckable: (user) => void told.push(`uncheckable ${user}`),
      },
    });
    const logIn = async (user: string, password = 'right', key = '') => {
      client += 1;
      derived = [];
      const failed = (error: unknown) => `${(error as { status: number }).status} ${String(error)}`;
      const result = await login
        .logIn({ user, password }, { key: key || `client ${client}`, address: key })
        .then(() => 'in', failed);
      return `${result}, ${derived.length}`;
    };
    const reload = (): void => {
      current = new Map(users);
    };
    return { logIn, told, reload };
  }

  it('an unknown user is answered like one whose hash cannot be checked, after as much work', async () => {
    const { logIn } = open();
    expect(await logIn('nobody')).toBe('401 Error: the user or the password is wrong, 1');
    expect(await logIn('anna')).toBe('401 Error: the user or the password is wrong, 1');
    expect(await logIn('berta', 'wrong')).toBe('401 Error: the user or the password is wrong, 1');
    expect(await logIn('berta')).toBe('in, 1');
  });

  it('both are slowed down, and the log says once until the next reload why nobody gets in', async () => {
    const { logIn, told, reload } = open();
    expect(await logIn('anna', 'x', 'one')).toMatch(/^401/);
    expect(await logIn('anna', 'x', 'one')).toMatch(/^429/);
    for (let count = 0; count < 3; count += 1) await logIn('anna');
    expect(told).toEqual(['uncheckable anna']);
    reload();
    await logIn('anna');
    expect(told).toEqual(['uncheckable anna', 'uncheckable anna']);
  });
});
