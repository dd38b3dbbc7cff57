import { describe, expect, it } from 'vitest';
import { createLogEntry, MAX_TEXT_LENGTH } from '../../../../src/telemetry/log/log-entry.js';
import { createMask } from '../../../../src/telemetry/log/mask-secrets.js';

const entryOf = (fields: Record<string, unknown>, secrets: string[] = []) =>
  createLogEntry('INFO', 'httpd', 'message', fields, createMask(secrets)).fields;

describe('createLogEntry', () => {
  it('keeps the type of numbers, booleans and null, and leaves out what is undefined', () => {
    expect(entryOf({ pid: 42, ok: true, none: null, absent: undefined })).toEqual({
      pid: 42,
      ok: true,
      none: null,
    });
  });

  it('gives every other value a text', () => {
    const when = new Date('2026-11-22T12:04:05.123Z');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const fields = {
      big: 12n,
      never: Number.NaN,
      argv: ['a', 'b c'],
      when,
      error: new Error('broke\nhere'),
      circular,
    };
    expect(entryOf(fields)).toEqual({
      big: '12',
      never: 'NaN',
      argv: '["a","b c"]',
      when: '2026-11-22T12:04:05.123Z',
      error: 'broke\\nhere',
      circular: '[not printable]',
    });
  });

  it('cuts a long text, before and after its control characters are shown', () => {
    const { plain, escaped } = entryOf({ plain: 'x'.repeat(1_000_000), escaped: '\n'.repeat(1_000_000) });
    expect(plain).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 1)}…`);
    expect(escaped).toBe(`${'\\n'.repeat(MAX_TEXT_LENGTH).slice(0, MAX_TEXT_LENGTH - 1)}…`);
  });

  it('never cuts a character in half', () => {
    const { emoji } = entryOf({ emoji: `${'x'.repeat(MAX_TEXT_LENGTH - 2)}😀😀` });
    expect(emoji).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 2)}…`);
  });

  it('R24: shows nothing of a secret that lies across the cut', () => {
    const { output } = entryOf({ output: `${'x'.repeat(MAX_TEXT_LENGTH - 5)}hunter2hunter2` }, [
      'hunter2hunter2',
    ]);
    expect(output).toBe(`${'x'.repeat(MAX_TEXT_LENGTH - 5)}***`);
  });

  it('R24: masks keys, numbers and what lies inside of objects', () => {
    const fields = { 'key-12345': 1, pin: 12345, list: [{ deep: '12345' }], error: new Error('for 12345') };
    expect(JSON.stringify(entryOf(fields, ['12345']))).not.toContain('12345');
  });
});
