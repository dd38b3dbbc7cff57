import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config, ProcessesConfig } from '../../../src/config/config.js';
import { CONFIG_KEYS } from '../../../src/config/keys/config-keys.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { admit } from '../../../src/domain/cycle/admission.js';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { load, refusal, writeTemp } from './temp-config.js';

const USER = '[database]\nuser = root\n';
const ORIGINAL = readFileSync(join(import.meta.dirname, '../../fixtures/original-config.ini'), 'utf8');

/** Some of them are no value of a key, and at least one is a value other than its default. */
/** What a key needs beside it. */
const COMPANIONS: Readonly<Record<string, string>> = {
  port: 'host = db',
  health_check_status: 'health_check_url = http://localhost/',
  after: '[process.70]',
  requires: '[process.70]',
  restart_with: '[process.70]',
  schedule: 'duration = 1h',
  duration: 'schedule = @daily',
  processes: 'schedule = @daily\nduration = 1h\n[process.OTHER]\nsystem_name = x',
  reason: 'schedule = @daily\nduration = 1h',
};
/** Only these may name anything but themselves. */
const NAMES_OF_OTHERS = ['after', 'requires', 'restart_with'];
const OTHER_VALUES = [
  'yes',
  'x.prom',
  '70',
  'no',
  'yes',
  'disabled',
  'none',
  'DEBUG',
  'json',
  'service',
  'failed',
  '127.0.0.1:9750',
  'https://example.com/',
  '204',
  'http://localhost/health',
  '5432',
  '0 2 * * sun',
];

/** All but the path of the file, which no two have in common. */
function contentOf({ file: _, ...content }: Config): Omit<Config, 'file'> {
  return content;
}

const DEFAULTS = DEFAULT_CONFIG;
const BUILT_IN = DEFAULTS.processes.defaults;

describe('the file of the original documentation', () => {
  it('loads as printed, with what it says and the defaults for what it does not', () => {
    const file = writeTemp(ORIGINAL);
    expect(loadConfig(file)).toEqual({
      ...DEFAULTS,
      file,
      database: { ...DEFAULTS.database, user: 'root', password: 'your_password' },
      logging: { ...DEFAULTS.logging, file: '/var/log/monitor_service/monitor_service.log' },
      processes: {
        unusable: new Map(),
        defaults: { ...BUILT_IN, healthCheckCommand: 'pgrep %s' },
        byName: new Map([
          [
            'apache2',
            {
              ...BUILT_IN,
              restartStrategy: 'service',
              preRestartCommand: '/usr/sbin/apachectl configtest',
              healthCheckCommand: 'systemctl is-active apache2',
              healthCheckTimeoutMs: 10_000,
              restartDelayMs: 5_000,
            },
          ],
        ]),
      },
    });
  });

  it.each([
    ['CRLF line ends', ORIGINAL.replaceAll('\n', '\r\n')],
    ['CR line ends', ORIGINAL.replaceAll('\n', '\r')],
    ['a byte order mark', `\uFEFF${ORIGINAL}`],
    ['indented lines', ORIGINAL.replaceAll(/^(?=.)/gm, '  \t')],
    ['no spaces around =', ORIGINAL.replaceAll(' = ', '=')],
    ['no line end at the end', ORIGINAL.trimEnd()],
    ['# for comments', ORIGINAL.replaceAll(/^;/gm, '#')],
  ])('says the same with %s', (_what, text) => {
    expect(text).not.toBe(ORIGINAL);
    expect(contentOf(load(text))).toEqual(contentOf(load(ORIGINAL)));
  });
});

describe('values', () => {
  it('R21: the default health check is the built-in one, pgrep only where it is written', () => {
    expect(load(USER).processes.defaults).toEqual(BUILT_IN);
    expect(BUILT_IN).not.toHaveProperty('healthCheckCommand');
    expect(load(`${USER}[process.a]\nhealth_check_command = pgrep %s`).processes.byName.get('a')).toEqual({
      ...BUILT_IN,
      healthCheckCommand: 'pgrep %s',
    });
  });

  it('takes fractions of a second', () => {
    const { monitor } = load(
      `${USER}[monitor]\ncheck_interval = 0.5\nfallback_interval = .05\nshutdown_timeout = 0`,
    );
    expect(monitor).toMatchObject({ checkIntervalMs: 500, fallbackIntervalMs: 50, shutdownTimeoutMs: 0 });
  });

  it.each(['yes', 'true', 'on', '1', 'Yes', 'ON', '"yes"'])('%s is yes', (word) => {
    expect(load(`${USER}[binlog]\nenabled = ${word}`).binlog.enabled).toBe(true);
  });

  it.each(['no', 'false', 'off', '0', 'No', 'OFF'])('%s is no', (word) => {
    expect(load(`${USER}[binlog]\nenabled = ${word}`).binlog.enabled).toBe(false);
  });

  it.each([
    ['warn', 'WARNING'],
    ['Warning', 'WARNING'],
    ['debug', 'DEBUG'],
    ['ERROR', 'ERROR'],
  ])('level %s is %s', (written, level) => {
    expect(load(`${USER}[logging]\nlevel = ${written}`).logging.level).toBe(level);
  });

  it('takes a comment after a number, a word or yes/no', () => {
    const text = `${USER}[monitor]\ncheck_interval = 60 ; a minute\n[binlog]\nenabled = no # for now\n[logging]\nlevel = INFO; as ever`;
    expect(load(text)).toMatchObject({
      monitor: { checkIntervalMs: 60_000 },
      binlog: { enabled: false },
      logging: { level: 'INFO' },
    });
  });

  it('reads every optional key', () => {
    const text = `${USER}host = db\nport = 3307\nsocket = /run/my.sock\nssl_mode = REQUIRED
[monitor]\nexclude = sshd, my app ,,\nhost_id = web01
[binlog]\nserver_id = 4294967295
[logging]\nformat = json
[process.my app]\nsystem_name = my-app.service\nrestart_strategy = custom\nrestart_command = "a; b"\nstart_command = c`;
    const { database, monitor, binlog, logging, processes } = load(text);
    expect(database).toMatchObject({ host: 'db', port: 3307, socket: '/run/my.sock', sslMode: 'required' });
    expect(monitor).toMatchObject({ exclude: ['sshd', 'my app'], hostId: 'web01' });
    expect([binlog.serverId, logging.format]).toEqual([4294967295, 'json']);
    expect(processes.byName.get('my app')).toEqual({
      ...BUILT_IN,
      systemName: 'my-app.service',
      restartStrategy: 'custom',
      restartCommand: 'a; b',
      startCommand: 'c',
    });
  });

  it.each(
    CONFIG_KEYS.filter(({ required }) => !required).map((key) => [`${key.section}.${key.key}`, key] as const),
  )('%s changes the Config', (_name, { section, key, schema, default: usual = '' }) => {
    const values = NAMES_OF_OTHERS.includes(key) ? ['70'] : [writeTemp('secret'), ...OTHER_VALUES];
    const other = values.find((text) => {
      const { success, data } = schema.safeParse(text);
      return success && data !== schema.safeParse(usual).data;
    });
    const isNamed = section === 'process' || section === 'maintenance';
    const header = section === 'database' ? '' : `[${section}${isNamed ? '.x' : ''}]\n`;
    const companion = (COMPANIONS[key] ?? '').replace('OTHER', String(other));
    const written = load(`${USER}${header}${key} = ${other}\n${companion}`);
    const without = load(section === 'maintenance' ? USER : `${USER}${header}${companion}`);
    expect(contentOf(written)).not.toEqual(contentOf(without));
  });

  it('counts relative paths from the folder of the file', () => {
    const file = writeTemp(
      `${USER}ssl_ca = config.ini\n[monitor]\nstate_file = var/state.json\n[logging]\nfile = ../x.log`,
    );
    const folder = dirname(file);
    const { database, monitor, logging } = loadConfig(file);
    expect(database.sslCa).toBe(join(folder, 'config.ini'));
    expect(monitor.stateFile).toBe(join(folder, 'var/state.json'));
    expect(logging.file).toBe(join(folder, '../x.log'));
  });

  it('R23: refuses a control socket whose path has no room in an address, counted from the folder', () => {
    const longest = (file: string, more: number): string => {
      const room = 107 - Buffer.byteLength(`${dirname(file)}/`) + more;
      // Two bytes each.
      return 'é'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2);
    };
    const refused = (more: number): string => {
      const file = writeTemp('');
      writeFileSync(file, `${USER}[monitor]\ncontrol_socket = ${longest(file, more)}\n`);
      return refusal(file);
    };
    expect(refused(0)).toBe('accepted');
    expect(refused(1)).toBe(
      'config.ini:4: monitor.control_socket: is the path of a Unix socket and has 108 bytes, allowed: 107 bytes',
    );
  });

  it('keeps `file` absolute', () => {
    const file = writeTemp(USER);
    expect(loadConfig(join(dirname(file), 'x/../config.ini')).file).toBe(file);
  });
});

describe('what holds for a process', () => {
  const text = `${USER}[process.default]
max_attempts = 7
pre_restart_command = check %s
[process.plain]
[process.own]
max_attempts = 1
pre_restart_command =
[process.my.dotted@1.service]
restart_delay = 0
[process.a;b#c"d]
system_name = abcd
[process.__proto__]
system_name = proto`;

  const settingsOf = (processes: ProcessesConfig, name: string): ProcessSettings => {
    const admission = admit(name, { ...processes, exclude: [], onlyListed: false });
    if (admission.kind !== 'accepted') throw new Error(`${name} is ${admission.kind}`);
    return admission.target.settings;
  };

  it('comes from its section, then [process.default], then the built-in default', () => {
    const { processes } = load(text);
    const defaults = { ...BUILT_IN, maxAttempts: 7, preRestartCommand: 'check %s' };
    expect(settingsOf(processes, 'unknown')).toEqual(defaults);
    expect(settingsOf(processes, 'default')).toEqual(defaults);
    expect(settingsOf(processes, 'plain')).toEqual(defaults);
    expect(settingsOf(processes, 'own')).toEqual({ ...BUILT_IN, maxAttempts: 1 });
    expect(settingsOf(processes, 'my.dotted@1.service')).toEqual({ ...defaults, restartDelayMs: 0 });
  });

  it('R14: any name is a key to a section with a system_name', () => {
    const { processes } = load(text);
    expect(settingsOf(processes, 'a;b#c"d').systemName).toBe('abcd');
    expect(settingsOf(processes, '__proto__').systemName).toBe('proto');
    expect(settingsOf(processes, 'a').systemName).toBeUndefined();
    expect(settingsOf(processes, 'constructor')).toBe(processes.defaults);
  });
});

it('the Config is frozen to its leaves', () => {
  const config = load(ORIGINAL);
  const apache = config.processes.byName.get('apache2');
  const parts: unknown[] = [config, ...Object.values(config), config.monitor.exclude, apache];
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  expect(Object.isFrozen(config.processes.defaults)).toBe(true);
  const { byName } = config.processes;
  expect(() => byName instanceof Map && byName.set('x', apache)).toThrow(TypeError);
  expect(() => byName instanceof Map && byName.clear()).toThrow(TypeError);
  expect(byName.size).toBe(1);
});
