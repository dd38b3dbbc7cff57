import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { secretsOf } from '../../../src/config/secrets-of.js';
import { load, refusal, refusalOf, writeTemp } from './temp-config.js';

const USER = '[database]\nuser = root\n';

function below(section: string, line: string): string {
  return refusalOf(`${USER}[${section}]\n${line}`);
}

describe('[metrics]', () => {
  it.each([
    ['127.0.0.1:9750', { host: '127.0.0.1', port: 9750 }],
    ['[::1]:9750', { host: '::1', port: 9750 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['metrics-1.example.com:65535', { host: 'metrics-1.example.com', port: 65_535 }],
    ['', undefined],
  ])('listen = %s', (text, listen) => {
    expect(load(`${USER}[metrics]\nlisten = ${text}`).metrics.listen).toEqual(listen);
  });

  it.each([
    '9750',
    ':9750',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '::1:9750',
    '[127.0.0.1]:80',
    '[::1]',
    'http://127.0.0.1:9750',
    'a b:80',
    '-x:80',
  ])('R23: listen = %s is a fault', (text) => {
    expect(below('metrics', `listen = ${text}`)).toBe(
      `config.ini:4: metrics.listen: "${text}" is not a host and port, allowed: HOST:PORT such as 127.0.0.1:9750 or [::1]:9750, or empty for none`,
    );
  });

  it('textfile counts from the folder of the file', () => {
    const file = writeTemp(`${USER}[metrics]\ntextfile = monitor.prom\ntextfile_interval = 5`);
    expect(loadConfig(file).metrics).toMatchObject({
      textfile: join(dirname(file), 'monitor.prom'),
      textfileIntervalMs: 5000,
    });
  });

  it.each(['/tmp/metrics.txt', '/tmp/.prom', '/tmp/x.prom.new'])('R23: textfile = %s is a fault', (text) => {
    expect(below('metrics', `textfile = ${text}`)).toBe(
      'config.ini:4: metrics.textfile: does not end in .prom, allowed: the path of a file NAME.prom, or empty for none',
    );
  });
});

describe('[notify]', () => {
  it('events: any case, any order, each once', () => {
    const { notify } = load(`${USER}[notify]\nevents = Closed, failed ,closed`);
    expect(notify.events).toEqual(['failed', 'closed']);
    expect(load(`${USER}[notify]\nevents =`).notify.events).toEqual([]);
  });

  it('R23: an unknown event is a fault with the nearest known name', () => {
    expect(below('notify', 'events = failed, stream_lst')).toBe(
      'config.ini:4: notify.events: "stream_lst" is not known, did you mean "stream-lost"?',
    );
    expect(below('notify', 'events = everything')).toBe(
      'config.ini:4: notify.events: "everything" is not known, allowed: failed, refused, opened, flapping, escalated, half-opened, closed, restarted, stream-lost, stream-back, database-lost, database-back, server-changed, started, stopped',
    );
  });

  it.each([
    ['ftp://example.com/x', 'begins with "ftp:"'],
    ['example.com/hook', 'is not a web address'],
    ['https://', 'is not a web address'],
    ['https://tok:en@example.com/', 'has a user or a password before the @, which is not sent'],
  ])('R24: webhook = %s is a fault that does not show it', (text, problem) => {
    expect(below('notify', `webhook = ${text}`)).toBe(
      `config.ini:4: notify.webhook: ${problem}, allowed: an address that begins with http:// or https://, or empty for none`,
    );
  });

  it('R24: a file with a webhook is private', () => {
    const text = `${USER}[notify]\nwebhook = https://example.com/hooks/t0ken`;
    expect(refusal(writeTemp(text, { mode: 0o644 }))).toBe(
      'config.ini:4: notify.webhook: every user may read this file and the token in it (mode 0644), allowed: mode 0600 (chmod 600 config.ini)',
    );
    expect(refusal(writeTemp(`${USER}[notify]\nwebhook =`, { mode: 0o644 }))).toBe('accepted');
    expect(load(text).notify.webhook).toBe('https://example.com/hooks/t0ken');
  });

  it('R24: secrets are the password, and of a webhook what may be a token', () => {
    const secrets = (webhook: string) =>
      secretsOf(load(`${USER}password = hush\n[notify]\nwebhook = ${webhook}`));
    expect(secrets('')).toEqual(['hush']);
    expect(secrets('http://localhost:9000/alerts')).toEqual(['hush', 'http://localhost:9000/alerts']);
    expect(secrets('https://example.com/hooks/T0123456789abc?key=K0123456789abc')).toEqual([
      'hush',
      'https://example.com/hooks/T0123456789abc?key=K0123456789abc',
      '/hooks/T0123456789abc?key=K0123456789abc',
      'T0123456789abc',
      'K0123456789abc',
    ]);
  });
});
