import { describe, expect, it } from 'vitest';
import { hostsOf } from '../../../src/db/connection/hosts-of.js';
import { describeServer, isSocketMeant } from '../../../src/db/connection/local-socket.js';
import { load } from './temp-config.js';

const USER = '[database]\nuser = monitor_service\n';

describe('[database] host', () => {
  it('R37: is a list in order, each with its own port or that of the file', () => {
    const { database } = load(`${USER}host = db1, db2:3307 ,[::1]:3308, fe80::1\nport = 3310`);
    expect(hostsOf(database).map(describeServer)).toEqual([
      'db1:3310',
      'db2:3307',
      '[::1]:3308',
      '[fe80::1]:3310',
    ]);
    for (const host of hostsOf(database)) expect(host).toMatchObject({ user: 'monitor_service' });
  });

  it('R37: an entry localhost has the same rules as a single one', () => {
    const { database } = load(`${USER}host = localhost, localhost:3306, db2`);
    expect(hostsOf(database).map(isSocketMeant)).toEqual([true, false, false]);
    const withTls = load(`${USER}host = localhost, db2\nssl_mode = required`);
    expect(hostsOf(withTls.database).map(isSocketMeant)).toEqual([false, false]);
  });

  it('a single host is what it was before there were lists', () => {
    expect(load(`${USER}host = db1`).database).toMatchObject({ host: 'db1' });
    expect(load(`${USER}host = db1`).database).not.toHaveProperty('otherHosts');
    expect(load(`${USER}host = ::1`).database).toMatchObject({ host: '::1' });
    expect(load(`${USER}host = db_1:3307`).database).toMatchObject({ host: 'db_1', port: 3307 });
  });

  it.each([
    ['db1,', '"db1," has an empty entry'],
    ['db1, , db2', '"db1, , db2" has an empty entry'],
    ['db1 db2', '"db1 db2" is not a host'],
    ['db1:0', '"db1:0" is not a host'],
    ['db1:99999', '"db1:99999" is not a host'],
    ['db1:mysql', '"db1:mysql" is not a host'],
    ['/run/mysqld.sock', '"/run/mysqld.sock" is not a host'],
    ['[db1]:3306', '"[db1]:3306" is not a host'],
    ['db1, db2, db1', '"db1" stands there twice'],
  ])('R23: %s is a fault with its line', (text, problem) => {
    expect(() => load(`${USER}host = ${text}`)).toThrow(
      `config.ini:3: database.host: ${problem}, allowed: HOST or HOST:PORT, several separated by commas, such as db1, db2:3307, [::1]:3306`,
    );
  });

  it('R23: a list and a socket exclude each other', () => {
    expect(() => load(`${USER}host = db1, db2\nsocket = /run/my.sock`)).toThrow(
      'config.ini:3: database.host: is a list, and socket (line 4) names one server, allowed: one of the two',
    );
  });

  it('R23: verify_identity proves a name, so an address anywhere in the list is a fault', () => {
    const load1 = (host: string, more = '') =>
      load(`${USER}host = ${host}\nssl_mode = verify_identity${more}`);
    for (const [hosts, address] of [
      ['10.0.0.5', '10.0.0.5'],
      ['db1, [::1]:3307', '::1'],
    ] as const)
      expect(() => load1(hosts)).toThrow(
        `config.ini:3: database.host: has the address "${address}", which ssl_mode = verify_identity (line 4) cannot check, allowed: the name that is in the server's certificate`,
      );
    expect(() => load1('db1', '\n[binlog]\nhost = relay1, 10.0.0.6')).toThrow(
      'config.ini:6: binlog.host: has the address "10.0.0.6", which ssl_mode = verify_identity (line 4) cannot check',
    );
    expect(load1('db1, db2').database.sslMode).toBe('verify_identity');
    // The socket itself proves which server it is.
    expect(load1('10.0.0.5', '\nsocket = /run/my.sock').database.sslMode).toBe('verify_identity');
  });
});
