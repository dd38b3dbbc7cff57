import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { ConfigError } from '../../../src/config/reading/config-error.js';
import { refusalOf, writeTemp } from './temp-config.js';

const CUT = 'everything after an unquoted ; or # would be cut off';
const DOUBLE_QUOTES = 'allowed: the whole value in double quotes';
const ALL_SECTIONS =
  '[database], [monitor], [binlog], [logging], [metrics], [web], [notify], [maintenance.NAME], [process.default], [process.NAME]';

/** Below `[database]` (line 1) and `user = root` (line 2): the first of these lines is line 3. */
function below(...lines: string[]): string {
  return refusalOf(['[database]', 'user = root', ...lines].join('\n'));
}

describe('R23: what a person sees of one fault', () => {
  it.each<[kind: string, lines: string[], message: string]>([
    [
      'a misspelt key',
      ['[monitor]', 'check_intervall = 5'],
      'config.ini:4: monitor.check_intervall: is not a known key, did you mean "check_interval"?',
    ],
    [
      'a key in capitals',
      ['Password = x'],
      'config.ini:3: database.Password: is not a known key, did you mean "password"?',
    ],
    [
      'a key with a space',
      ['[monitor]', 'check interval = 5'],
      'config.ini:4: monitor.check…: is not a known key, did you mean "check_interval"?',
    ],
    [
      'a key like no other',
      ['[binlog]', 'colour = red'],
      'config.ini:4: binlog.colour: is not a known key, allowed: enabled, host, port, server_id, heartbeat, visible_within',
    ],
    [
      'a key of another section',
      ['check_interval = 5'],
      'config.ini:3: database.check_interval: is not a key of this section, allowed: in [monitor]',
    ],
    [
      'a process key elsewhere',
      ['max_attempts = 5'],
      'config.ini:3: database.max_attempts: is not a key of this section, allowed: in [process.NAME]',
    ],
    [
      'a misspelt section',
      ['[monitr]', 'check_interval = 5'],
      'config.ini:3: [monitr]: is not a known section, did you mean "[monitor]"?',
    ],
    [
      'a section in capitals',
      ['[MONITOR]'],
      'config.ini:3: [MONITOR]: is not a known section, did you mean "[monitor]"?',
    ],
    [
      'a misspelt process section',
      ['[proces.apache2]'],
      'config.ini:3: [proces.apache2]: is not a known section, did you mean "[process.apache2]"?',
    ],
    [
      'process without a name',
      ['[process]'],
      'config.ini:3: [process]: is not a known section, did you mean "[process.NAME]"?',
    ],
    [
      'process with an empty name',
      ['[process.]'],
      'config.ini:3: [process.]: has no process name, allowed: [process.NAME]',
    ],
    [
      'a section like no other',
      ['[apache2]'],
      `config.ini:3: [apache2]: is not a known section, allowed: ${ALL_SECTIONS}`,
    ],
    ['an empty section name', ['[]'], `config.ini:3: []: is not a known section, allowed: ${ALL_SECTIONS}`],
    [
      'a section twice',
      ['[monitor]', '[monitor]'],
      'config.ini:4: [monitor]: is there twice (first on line 3), allowed: once',
    ],
    [
      'a key twice',
      ['user = admin'],
      'config.ini:3: database.user: is set twice (first on line 2), allowed: once',
    ],
    [
      'a comment after a header',
      ['[monitor] ; times'],
      'config.ini:3: [monitor]: text after the section header, allowed: nothing (a comment goes on a line of its own)',
    ],
    [
      'a header that is not closed',
      ['[monitor'],
      'config.ini:3: [monitor]: the section header has no closing ], allowed: [section]',
    ],
    [
      'a line that is nothing',
      ['password secret'],
      'config.ini:3: [database]: neither a section nor a key nor a comment, allowed: [section], key = value, ; comment',
    ],
    [
      'a colon for =',
      ['password: secret'],
      'config.ini:3: [database]: key and value are separated by a colon, allowed: key = value',
    ],
    [
      'a value without a key',
      ['= secret'],
      'config.ini:3: [database]: a value without a key, allowed: key = value',
    ],
    [
      'no number',
      ['[monitor]', 'check_interval = 5m'],
      'config.ini:4: monitor.check_interval: "5m" is not a number of seconds, allowed: 0.05 to 604800 seconds',
    ],
    [
      'an empty number',
      ['[monitor]', 'check_interval ='],
      'config.ini:4: monitor.check_interval: "" is not a number of seconds, allowed: 0.05 to 604800 seconds',
    ],
    [
      'a number too small',
      ['[monitor]', 'check_interval = 0'],
      'config.ini:4: monitor.check_interval: "0" is out of range, allowed: 0.05 to 604800 seconds',
    ],
    [
      'a number too large',
      ['[monitor]', 'circuit_reset_time = 2073601'],
      'config.ini:4: monitor.circuit_reset_time: "2073601" is out of range, allowed: 0.05 to 2073600 seconds',
    ],
    [
      'a negative number',
      ['[logging]', 'max_log_size = -1'],
      'config.ini:4: logging.max_log_size: "-1" is out of range, allowed: 1 to 4194304 KB',
    ],
    [
      'a fraction',
      ['[monitor]', 'max_restart_failures = 2.5'],
      'config.ini:4: monitor.max_restart_failures: "2.5" is not a whole number, allowed: 1 to 1000',
    ],
    [
      'a port out of range',
      ['port = 65536'],
      'config.ini:3: database.port: "65536" is out of range, allowed: 1 to 65535',
    ],
    [
      'a replica id of 0',
      ['[binlog]', 'server_id = 0'],
      'config.ini:4: binlog.server_id: "0" is not a replica id, allowed: auto or 1 to 4294967295',
    ],
    [
      'a word that is not known',
      ['[logging]', 'level = LOUD'],
      'config.ini:4: logging.level: "LOUD" is not known, allowed: DEBUG, INFO, WARNING, ERROR',
    ],
    [
      'a strategy that is not known',
      ['[process.a]', 'restart_strategy = systemd'],
      'config.ini:4: process.a.restart_strategy: "systemd" is not known, allowed: service, process, auto, custom',
    ],
    [
      'neither yes nor no',
      ['[binlog]', 'enabled = maybe'],
      'config.ini:4: binlog.enabled: "maybe" is neither yes nor no, allowed: yes, no',
    ],
    ['an empty text', ['database ='], 'config.ini:3: database.database: is empty, allowed: some text'],
    [
      'a control character',
      ['database = a\u0007b'],
      'config.ini:3: database.database: contains a control character, allowed: printable text',
    ],
    [
      'a NUL in a password',
      ['password = a\0b'],
      'config.ini:3: database.password: contains a control character, allowed: printable text',
    ],
    [
      'a home directory',
      ['[monitor]', 'state_file = ~/state.json'],
      'config.ini:4: monitor.state_file: ~ is not expanded, allowed: the full path',
    ],
    [
      'a folder',
      ['[logging]', 'file = /var/log/'],
      'config.ini:4: logging.file: is the path of a folder, allowed: the path of a file',
    ],
    [
      'a certificate that is missing',
      ['ssl_ca = ca.pem'],
      'config.ini:3: database.ssl_ca: "ca.pem" does not exist, allowed: a text file',
    ],
    [
      'a password with #',
      ['password = ab#cd'],
      `config.ini:3: database.password: ${CUT}, ${DOUBLE_QUOTES}, or \\; and \\#`,
    ],
    [
      'a password with ;',
      ['password = ab;cd'],
      `config.ini:3: database.password: ${CUT}, ${DOUBLE_QUOTES}, or \\; and \\#`,
    ],
    [
      'a comment after a password',
      ['password = abcd ; old'],
      `config.ini:3: database.password: ${CUT}, ${DOUBLE_QUOTES}, or \\; and \\#`,
    ],
    [
      'a comment after a quoted text',
      ['password = "ab" ; old'],
      'config.ini:3: database.password: text after the closing quote, allowed: quotes around the whole value',
    ],
    [
      'a double quote not closed',
      ['password = "abcd'],
      'config.ini:3: database.password: the quote is not closed, allowed: a value that ends with "',
    ],
    [
      'a single quote not closed',
      ['[process.a]', "start_command = 'a b"],
      "config.ini:4: process.a.start_command: the quote is not closed, allowed: a value that ends with '",
    ],
    [
      'a lone backslash in quotes',
      ['password = "a\\tb"'],
      'config.ini:3: database.password: a lone backslash in double quotes, allowed: \\\\ for a backslash, \\" for a quote',
    ],
    [
      'outer quotes of two words',
      ['[process.a]', "start_command = 'a' b 'c'"],
      `config.ini:4: process.a.start_command: is ambiguous, ${DOUBLE_QUOTES}; in them, write \\\\ for \\ and \\" for "`,
    ],
    [
      'two backslashes',
      ['password = a\\\\b'],
      `config.ini:3: database.password: is ambiguous, ${DOUBLE_QUOTES}; in them, write \\\\ for \\ and \\" for "`,
    ],
    [
      'password and password_file',
      ['password = a', 'password_file =' + ' missing'],
      'config.ini:4: database.password_file: is set together with password (line 3), allowed: one of the two\nconfig.ini:4: database.password_file: "missing" does not exist, allowed: a text file',
    ],
    [
      'custom without a command (R20)',
      ['[process.a]', 'restart_strategy = custom'],
      'config.ini:4: process.a.restart_strategy: strategy custom needs a command to run, allowed: custom together with restart_command',
    ],
    [
      'health checks that ask nobody',
      [
        '[process.a]',
        'health_check_url = http:///health',
        'health_check_port = 65536',
        '[process.b]',
        'health_check_url = ftp://x/',
        'health_check_status = 600',
        '[process.c]',
        'health_check_status = 204',
        'health_check_port = a b:1',
        '[process.d]',
        'health_check_url = http://me:secret@x/',
      ],
      [
        'config.ini:4: process.a.health_check_url: "http:///health" has no host, allowed: an address that begins with http:// or https://, or empty for none',
        'config.ini:5: process.a.health_check_port: "65536" is not a port, allowed: a port from 1 to 65535, or HOST:PORT such as 10.0.0.5:5432 or [::1]:5432, or empty for none',
        'config.ini:7: process.b.health_check_url: "ftp://x/" begins with "ftp:", allowed: an address that begins with http:// or https://, or empty for none',
        'config.ini:8: process.b.health_check_status: "600" is out of range, allowed: 100 to 599',
        'config.ini:10: process.c.health_check_status: needs a health_check_url, and there is none, allowed: together with health_check_url',
        'config.ini:11: process.c.health_check_port: "a b:1" is not a port, allowed: a port from 1 to 65535, or HOST:PORT such as 10.0.0.5:5432 or [::1]:5432, or empty for none',
        'config.ini:13: process.d.health_check_url: has a user or a password before the @, which is not sent, allowed: an address that begins with http:// or https://, or empty for none',
      ].join('\n'),
    ],
    [
      'a circuit_reset_max below its circuit_reset_time (R34)',
      ['[monitor]', 'circuit_reset_time = 60', 'circuit_reset_max = 59'],
      'config.ini:5: monitor.circuit_reset_max: "59" is less than circuit_reset_time (line 4), allowed: 60 or more',
    ],
    [
      'a restart_delay_max below its restart_delay (R34)',
      ['[process.a]', 'restart_delay = 10', 'restart_delay_max = 5'],
      'config.ini:5: process.a.restart_delay_max: "5" is less than restart_delay (line 4), allowed: 10 or more',
    ],
    [
      'a process name (R14)',
      ['[process.a b]'],
      'config.ini:3: [process.a b]: the process name has characters outside A-Z a-z 0-9 . _ @ : - or does not begin with a letter or digit, allowed: any name, if its section sets system_name',
    ],
    [
      'ourselves (R14)',
      ['[process.x]', 'system_name = monitor_service'],
      'config.ini:4: process.x.system_name: the name is this service itself, allowed: the name of one unit or executable',
    ],
    [
      'a target (R14)',
      ['[process.x]', 'system_name = multi-user.target'],
      'config.ini:4: process.x.system_name: the name is a systemd .target unit, which is never restarted, allowed: the name of one unit or executable',
    ],
    [
      'a system name for all',
      ['[process.default]', 'system_name = x'],
      'config.ini:4: process.default.system_name: would give every process the same name, allowed: in [process.NAME] only',
    ],
  ])('%s', (_kind, lines, message) => {
    expect(below(...lines)).toBe(message);
  });

  it('a key before the first section', () => {
    expect(refusalOf('colour = red\n[database]\nuser = root')).toBe(
      'config.ini:1: colour: is above the first section, allowed: keys below a [section]',
    );
  });

  it('a line that is nothing before the first section', () => {
    expect(refusalOf('hello\n[database]\nuser = root')).toBe(
      'config.ini:1: file: neither a section nor a key nor a comment, allowed: [section], key = value, ; comment',
    );
  });

  it('no user', () => {
    const problem = 'database.user: is missing, allowed: the database account of the service';
    expect(refusalOf('')).toBe(`config.ini:1: ${problem}`);
    expect(refusalOf('\n[database]\nhost = db')).toBe(`config.ini:2: ${problem}`);
    expect(refusalOf('[databse]\nuser = root')).not.toContain('is missing');
  });
});

describe('R23: every fault in one report', () => {
  it('in line order, whichever check found it, and those of a misspelt section too', () => {
    const text = `stray
[databse] ; where
user = root
password = a;b
[monitr]
check_interval = soon
[process.a b]
restart_strategy = custom
[process.default]
system_name = x`;
    expect(refusalOf(text)).toMatchInlineSnapshot(`
      "config.ini:1: file: neither a section nor a key nor a comment, allowed: [section], key = value, ; comment
      config.ini:2: [databse]: text after the section header, allowed: nothing (a comment goes on a line of its own)
      config.ini:2: [databse]: is not a known section, did you mean "[database]"?
      config.ini:4: databse.password: everything after an unquoted ; or # would be cut off, allowed: the whole value in double quotes, or \\; and \\#
      config.ini:5: [monitr]: is not a known section, did you mean "[monitor]"?
      config.ini:6: monitr.check_interval: "soon" is not a number of seconds, allowed: 0.05 to 604800 seconds
      config.ini:7: [process.a b]: the process name has characters outside A-Z a-z 0-9 . _ @ : - or does not begin with a letter or digit, allowed: any name, if its section sets system_name
      config.ini:8: process.a b.restart_strategy: strategy custom needs a command to run, allowed: custom together with restart_command
      config.ini:10: process.default.system_name: would give every process the same name, allowed: in [process.NAME] only"
    `);
  });

  it('is a terminal error that carries the faults', () => {
    const file = writeTemp('[database]\nport = 0\nuser =');
    const attempt = () => loadConfig(file);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(
      expect.objectContaining({
        retryable: false,
        file,
        faults: [
          { line: 2, key: 'database.port', problem: '"0" is out of range, allowed: 1 to 65535' },
          { line: 3, key: 'database.user', problem: 'is empty, allowed: some text' },
        ],
      }),
    );
  });

  it('R20: a strategy that a section takes over is reported once, where it stands', () => {
    const defaults = '[database]\nuser = root\n[process.default]\nrestart_strategy = custom\n';
    const problem = 'strategy custom needs a command to run, allowed: custom together with restart_command';
    expect(refusalOf(`${defaults}[process.a]\nmax_attempts = 1`)).toBe(
      `config.ini:4: process.default.restart_strategy: ${problem}`,
    );
    expect(refusalOf(`${defaults}restart_command = x\n[process.a]\nrestart_command =`)).toBe(
      `config.ini:7: process.a.restart_command: ${problem}`,
    );
  });
});
