import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { refusalOf, tempFolder, writeTemp } from './temp-config.js';

const USER = '[database]\nuser = root\n[web]\n';
const HASH = `$scrypt$ln=14,r=8,p=5$${'A'.repeat(22)}$${'B'.repeat(43)}`;
const LOCAL = 'listen = 127.0.0.1:9751\n';

function withUsers(text: string, { mode = 0o600, keys = LOCAL } = {}) {
  const folder = tempFolder();
  writeTemp(text, { folder, name: 'users', mode });
  const config = loadConfig(writeTemp(`${USER}${keys}password_file = users`, { folder }));
  return { ...config, folder };
}

describe('[web]', () => {
  it('is off unless it listens, whatever else is set', () => {
    const { web } = loadConfig(writeTemp(`${USER}password_file = /nowhere\ntls_cert = x`));
    expect(web).toEqual({
      users: new Map(),
      passwordFile: '/nowhere',
      tlsCert: expect.stringMatching(/\/x$/),
    });
  });

  it('reads the users of its file, with comments and empty lines', () => {
    const { web, folder, issues } = withUsers(`# ours\n\nanna:${HASH}\r\nBob.2-x_y:${HASH}\n`);
    expect(issues).toEqual([]);
    expect(web).toEqual({
      listen: { host: '127.0.0.1', port: 9751 },
      passwordFile: join(folder, 'users'),
      users: new Map([
        ['anna', HASH],
        ['Bob.2-x_y', HASH],
      ]),
    });
  });

  it.each([
    ['anna', 'line 1 has no name of a user'],
    [`:${HASH}`, 'line 1 has no name of a user'],
    [`an na:${HASH}`, 'line 1 has no name of a user'],
    [`${'a'.repeat(33)}:${HASH}`, 'line 1 has no name of a user'],
    [`anna:${HASH}\nanna:${HASH}`, 'line 2 is the second one for anna'],
    ['# x\nanna:secret', 'line 2 has no hash that can be used'],
    ['', 'has no user'],
  ])('R13: a file with %j costs the page, and no fault shows it', (text, problem) => {
    const { web, issues } = withUsers(text);
    expect(web.listen).toBeUndefined();
    expect(issues).toMatchObject([{ line: 5, key: 'web.password_file', costsSection: true }]);
    expect(issues[0]?.problem).toContain(problem);
    expect(issues[0]?.problem).not.toMatch(/secret|scrypt/);
  });

  it('R24: a file that others may read is not used', () => {
    const { web, issues } = withUsers(`anna:${HASH}`, { mode: 0o644 });
    expect(web.listen).toBeUndefined();
    expect(issues[0]?.problem).toMatch(/^every user may read .*allowed: mode 0600/);
  });

  it('R23: other hosts reach it with a login and TLS only', () => {
    expect(refusalOf(`${USER}listen = 0.0.0.0:9751`).split('\n')).toEqual([
      expect.stringMatching(
        /^config\.ini:4: web\.listen: other hosts reach "0\.0\.0\.0", and passwords would cross the network as they are, allowed: together with tls_cert and tls_key, /,
      ),
      expect.stringMatching(/^config\.ini:4: web\.listen: needs a password_file/),
    ]);
  });

  it.each([
    [`${LOCAL}hostname = m.example.com`, /^config\.ini:5: web\.hostname: needs a password_file/],
    [`${LOCAL}tls_cert = x`, /^config\.ini:5: web\.tls_cert: is set without tls_key/],
    [`${LOCAL}tls_key = x`, /^config\.ini:5: web\.tls_key: is set without tls_cert/],
    ['listen = 9751', /^config\.ini:4: web\.listen: "9751" is not a host and port/],
    [`${LOCAL}hostname = https://m.example.com`, /^config\.ini:5: web\.hostname: is not a host name/],
    [`${LOCAL}hostname = m.example.com:443`, /^config\.ini:5: web\.hostname: is not a host name/],
    [`${LOCAL}hostname = -m`, /^config\.ini:5: web\.hostname: is not a host name/],
  ])('R23: %j is a fault', (keys, fault) => {
    expect(refusalOf(`${USER}${keys}`)).toMatch(fault);
  });

  it.each(['localhost:1', '[::1]:1', '127.1.2.3:1'])('%s is on the loopback', (listen) => {
    expect(loadConfig(writeTemp(`${USER}listen = ${listen}`)).web.listen?.port).toBe(1);
  });

  it('R13: a certificate that is none costs the page', () => {
    const folder = tempFolder();
    writeTemp('no PEM', { folder, name: 'cert', mode: 0o644 });
    writeTemp('no PEM', { folder, name: 'key' });
    const { web, issues } = loadConfig(
      writeTemp(`${USER}${LOCAL}tls_cert = cert\ntls_key = key`, { folder }),
    );
    expect(web.listen).toBeUndefined();
    expect(issues).toMatchObject([
      { key: 'web.tls_cert', problem: expect.stringMatching(/is no certificate/) },
    ]);
  });
});
