import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { WebConfig } from '../../../src/config/config.js';
import { isLoopback } from '../../../src/lib/is-loopback.js';
import { createHostCheck } from '../../../src/web/access/allowed-hosts.js';
import { checkOrigin } from '../../../src/web/access/check-origin.js';
import { findClient, networkOf } from '../../../src/web/access/client-address.js';
import { SessionCookie } from '../../../src/web/access/session-cookie.js';

const USERS = new Map([['anna', 'hash']]);
const LOCAL: WebConfig = { listen: { host: '127.0.0.1', port: 9751 }, users: USERS };

function message(headers: Record<string, string>, remoteAddress = '127.0.0.1'): IncomingMessage {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

it.each([
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['10.0.0.1', false],
])('%s is on the loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

describe('the Host header', () => {
  it.each([
    ['localhost:9751', true],
    ['[::1]:9751', true],
    ['127.0.0.1', true],
    ['monitor.example.com', false],
    ['192.0.2.1', false],
    ['', false],
    ['localhost:9751:1', false],
    ['localhost/', false],
    ['user@localhost', false],
  ])('on the loopback %s is ours: %s', (header, is) => {
    expect(createHostCheck(LOCAL)(header)).toBe(is);
  });

  it('has the configured name beside it, in any case', () => {
    const isOurs = createHostCheck({ ...LOCAL, hostname: 'monitor.example.com' });
    expect([isOurs('Monitor.Example.com:443'), isOurs('example.com'), isOurs(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('off the loopback is an address or the name that it listens on: a name that rebinds is neither', () => {
    const isOurs = createHostCheck({ ...LOCAL, listen: { host: 'db1.example.com', port: 1 } });
    expect(['192.0.2.1:1', '[2001:db8::1]', 'DB1.example.com', 'evil.example'].map(isOurs)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the Origin', () => {
  const judge = (headers: Record<string, string>, hostname?: string, isTls = false): string => {
    try {
      checkOrigin(message(headers), { hostname, isTls });
      return 'taken';
    } catch (error) {
      return String((error as Error).message);
    }
  };

  it.each([
    ['http://localhost:9751', 'localhost:9751', undefined, false, 'taken'],
    ['https://localhost:9751', 'localhost:9751', undefined, true, 'taken'],
    ['http://localhost:9751', 'localhost:9751', undefined, true, 'the request comes from another site'],
    ['http://localhost:3000', 'localhost:9751', undefined, false, 'the request comes from another site'],
    ['https://monitor.example.com', '127.0.0.1:9751', 'monitor.example.com', false, 'taken'],
    ['https://monitor.example.com:8443', 'monitor.example.com', 'monitor.example.com', false, 'taken'],
    [
      'http://monitor.example.com',
      'monitor.example.com',
      'monitor.example.com',
      false,
      'the page is not reached by HTTPS',
    ],
    [
      'https://evil.example',
      'monitor.example.com',
      'monitor.example.com',
      false,
      'the request comes from another site',
    ],
    ['null', 'localhost:9751', 'monitor.example.com', false, 'the request comes from another site'],
  ] as const)('%s for the Host %s, named %s, TLS %s: %s', (origin, host, hostname, isTls, verdict) => {
    expect(judge({ origin, host }, hostname, isTls)).toBe(verdict);
  });

  it('must be there', () => {
    expect(judge({ host: 'localhost:9751' })).toBe('there is no Origin');
  });
});

describe('the address of a client', () => {
  it.each([
    ['10.1.1.1', undefined, '127.0.0.1', 0, '127.0.0.1 (uid 0)'],
    ['10.1.1.1', 'nobody', '127.0.0.1', 0, '10.1.1.1'],
    ['1.2.3.4, 10.1.1.1', 'nobody', '127.0.0.1', 0, '10.1.1.1'],
    ['1.2.3.4, forged\nline', 'nobody', '127.0.0.1', 0, '127.0.0.1 (uid 0)'],
    ['10.1.1.1', 'nobody', '127.0.0.1', 1000, '127.0.0.1 (uid 1000)'],
    ['10.1.1.1', 'nobody', '127.0.0.1', undefined, '127.0.0.1'],
    ['10.1.1.1', 'nobody', '192.0.2.9', 0, '192.0.2.9'],
    ['', 'nobody', '::ffff:127.0.0.1', 0, '127.0.0.1 (uid 0)'],
  ])(
    'X-Forwarded-For %j, proxy_user %s, from %s of user %s: %s',
    async (forwarded, proxyUser, peer, uid, address) => {
      const client = await findClient(
        message({ 'x-forwarded-for': forwarded }, peer),
        proxyUser === undefined ? {} : { proxyUser },
        async () => uid,
      );
      expect(client.address).toBe(address);
    },
  );

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('the cookie of the session', () => {
  const cookieOf = (more: Partial<WebConfig> = {}, host = 'here') =>
    new SessionCookie({ ...LOCAL, ...more }, host);
  const local = cookieOf();
  const proxied = cookieOf({ hostname: 'monitor.example.com' });
  const name = 'monitor_session_5decc87c';

  it.each([
    [`${name}=abc`, 'abc'],
    [`a=b; ${name}=abc; c=d`, 'abc'],
    [`${name}=abc; ${name}=def`, undefined],
    [`x${name}=abc`, undefined],
    ['monitor_session_00000000=abc', undefined],
    [`__Host-${name}=abc`, undefined],
    ['', undefined],
  ])('%j has the session %s', (cookie, id) => {
    expect(local.idIn(message({ cookie }))).toBe(id);
  });

  it('has the name of this host and address: a browser sends all pages on 127.0.0.1 the same cookies', () => {
    const listen = { host: '127.0.0.1', port: 9752 };
    const names = [local, cookieOf({}, 'there'), cookieOf({ listen })].map((each) => each.name);
    expect(new Set(names).size).toBe(3);
    expect(local.keep('abc', message({}))).toEqual({
      'Set-Cookie': `${name}=abc; Path=/; HttpOnly; SameSite=Strict`,
    });
  });

  it('can be set by this host only where browsers use HTTPS', () => {
    const by = (headers: Record<string, string>) => message({ host: 'monitor.example.com', ...headers });
    const tls = cookieOf({ tls: { cert: '', key: '' } });
    for (const cookie of [proxied, tls]) {
      expect(cookie.keep('abc', by({ origin: 'https://monitor.example.com' }))).toEqual({
        'Set-Cookie': `__Host-${name}=abc; Path=/; HttpOnly; SameSite=Strict; Secure`,
      });
      expect(cookie.idIn(by({ cookie: `__Host-${name}=abc; ${name}=def` }))).toBe('abc');
      expect(cookie.idIn(by({ cookie: `${name}=def` }))).toBeUndefined();
      expect(cookie.forget(by({ cookie: `__Host-${name}=abc` }))).toEqual({
        'Set-Cookie': `__Host-${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure`,
      });
    }
  });

  it('is a plain one past the proxy, by a tunnel to this address', () => {
    const host = '127.0.0.1:9751';
    const cookie = `${name}=abc`;
    expect(proxied.keep('abc', message({ host, origin: `http://${host}` }))['Set-Cookie']).toMatch(
      /^monitor_session_5decc87c=abc; .*Strict$/,
    );
    expect(proxied.idIn(message({ host, cookie }))).toBe('abc');
    expect(proxied.idIn(message({ host, cookie, 'x-forwarded-for': '192.0.2.1' }))).toBeUndefined();
    expect(proxied.forget(message({ host, cookie }))['Set-Cookie']).toMatch(/^monitor_session_5decc87c=; /);
  });
});
