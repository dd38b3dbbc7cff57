import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonLogger, logAsJson } from '../../../../src/telemetry/log/json-logger.js';
import { createLogEntry, type LogEntry } from '../../../../src/telemetry/log/log-entry.js';
import { createMask } from '../../../../src/telemetry/log/mask-secrets.js';
import {
  renderFileLine,
  renderJournalLine,
  renderTerminalLine,
} from '../../../../src/telemetry/log/render-line.js';

const entry: LogEntry = {
  time: new Date(2026, 10, 22, 13, 4, 5, 123),
  level: 'INFO',
  subject: 'httpd',
  message: 'alarm seen (binlog)',
  fields: { unit: 'httpd.service', notes: 'two words', said: 'a "b"', empty: '', ms: 12, none: null },
};
const fields = ' unit=httpd.service notes="two words" said="a \\"b\\"" empty="" ms=12 none=null\n';

const OWN_COLOURS = ['\x1b[31m', '\x1b[1m', '\x1b[0m'];

function renderJson(rendered: LogEntry): string {
  const lines: string[] = [];
  logAsJson(
    createJsonLogger((line) => lines.push(line)),
    rendered,
  );
  return lines.join('');
}

describe('the forms of a line', () => {
  it('file: local time with ms, level, subject, message, fields', () => {
    expect(renderFileLine(entry)).toBe(`2026-11-22 13:04:05.123 INFO    httpd: alarm seen (binlog)${fields}`);
  });

  it.each([
    ['DEBUG', '<7>DEBUG   '],
    ['INFO', '<6>INFO    '],
    ['WARNING', '<4>WARNING '],
    ['ERROR', '<3>ERROR   '],
  ] as const)('journal: the priority of %s, and no time', (level, head) => {
    expect(renderJournalLine({ ...entry, level })).toBe(`${head}httpd: alarm seen (binlog)${fields}`);
  });

  it('terminal: short time, coloured level, bold subject', () => {
    const head = '13:04:05 \x1b[33mWARNING\x1b[0m \x1b[1mhttpd\x1b[0m: alarm seen (binlog)';
    expect(renderTerminalLine({ ...entry, level: 'WARNING' })).toBe(`${head}${fields}`);
  });

  it('JSON: time, level, process, msg and the fields with their types', () => {
    expect(JSON.parse(renderJson(entry))).toEqual({
      time: entry.time.toISOString(),
      level: 'INFO',
      process: 'httpd',
      msg: 'alarm seen (binlog)',
      ...entry.fields,
    });
  });

  it('JSON: a field cannot take the place of a key of the line', () => {
    const json = renderJson({ ...entry, fields: { level: 'x', process: 'y', msg: 'z', time: 0 } });
    expect(json.match(/"(?:level|process|msg|time)":/g)).toHaveLength(4);
    expect(JSON.parse(json)).toMatchObject({ level: 'INFO', process: 'httpd', field_process: 'y' });
  });

  it('quotes a subject that could read like a subject and a message', () => {
    const line = renderJournalLine({ ...entry, subject: 'monitor_service: all well', fields: {} });
    expect(line).toBe('<6>INFO    "monitor_service: all well": alarm seen (binlog)\n');
  });

  it('R14: whatever is in it, a line is one line, shows no control character, and JSON stays JSON', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 40 });
    const anything = fc.dictionary(hostile, fc.anything({ withBigInt: true, withDate: true }));
    fc.assert(
      fc.property(hostile, hostile, anything, (subject, message, values) => {
        const made = createLogEntry('ERROR', subject, message, values, createMask([]));
        const terminal = OWN_COLOURS.reduce(
          (line, code) => line.replaceAll(code, ''),
          renderTerminalLine(made),
        );
        for (const line of [renderFileLine(made), renderJournalLine(made), terminal, renderJson(made)]) {
          expect(line.endsWith('\n')).toBe(true);
          expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u);
        }
        expect(JSON.parse(renderJson(made))).toMatchObject({ level: 'ERROR', msg: made.message });
      }),
      { numRuns: 500 },
    );
  });

  it('R24: no form of a line shows a secret', () => {
    const secret = fc.string({ minLength: 3, maxLength: 12 }).filter((text) => /[^*\d]/.test(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (password, before, after) => {
        const values = { text: before + password + after, deep: [{ url: `x${password}y` }] };
        const made = createLogEntry(
          'INFO',
          `s${password}`,
          before + password + after,
          values,
          createMask([password]),
        );
        const shown = [made.subject, made.message, ...Object.values(made.fields)].map(String);
        for (const text of shown) expect(text.split('***').join('')).not.toContain(password);
      }),
    );
  });
});
