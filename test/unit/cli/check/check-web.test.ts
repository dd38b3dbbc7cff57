import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkWeb } from '../../../../src/cli/check/host/check-web.js';

const LISTEN = { host: '127.0.0.1', port: 9751 };
const users = new Map([['anna', 'hash']]);
const texts = (...args: Parameters<typeof checkWeb>): string[] =>
  checkWeb(...args).map(({ level, message }) => `${level}: ${message}`);

describe('the page in check', () => {
  it('is not there if it is off', () => {
    expect(texts({ users }, 0)).toEqual([]);
  });

  it('says who sees what', () => {
    expect(texts({ listen: LISTEN, users }, 0)).toEqual([
      'ok: the page is at http://127.0.0.1:9751/; every user of this host sees names, states, counts and times there; user: anna',
    ]);
    const proxied = { listen: LISTEN, users, hostname: 'm.example.com' };
    expect(texts({ ...proxied, proxyUser: 'www-data' }, 0)).toEqual([
      'ok: the page is at http://127.0.0.1:9751/; nothing is shown without a login; user: anna',
    ]);
    expect(texts(proxied, 0)[1]).toMatch(/^warning: all browsers count as one client/);
    expect(texts({ listen: LISTEN, users: new Map() }, 0)[1]).toBe('warning: nobody can log in');
  });

  it('looks at the certificate', () => {
    const cert = execFileSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '30',
      ],
      ...['-subj', '/CN=a', '-addext', 'subjectAltName=DNS:m.example.com', '-keyout', '/dev/null'],
    ]).toString();
    const config = {
      listen: { host: '::', port: 443 },
      users,
      hostname: 'm.example.com',
      tls: { cert, key: '' },
    };
    expect(texts(config, Date.now())).toEqual([
      'ok: the page is at https://[::]:443/; nothing is shown without a login; user: anna',
    ]);
    const later = (days: number): number => Date.now() + days * 86_400_000;
    expect(texts(config, later(25))[1]).toMatch(/^warning: the certificate is valid for [45] more days$/);
    expect(texts(config, later(31))[1]).toMatch(/^fault: the certificate is valid until /);
    expect(texts({ ...config, hostname: 'other.example.com' }, Date.now())[1]).toBe(
      'warning: the certificate is not one for other.example.com',
    );
  });
});
