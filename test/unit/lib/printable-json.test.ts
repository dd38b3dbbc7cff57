import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toPrintableJson } from '../../../src/lib/printable-json.js';

it('writes what could steer a terminal as escapes, and the rest as it is', () => {
  const text = 'ñ \u0007 \u007f \u009b31m \u202e \u2028 \ufeff \u{e0001} "\n';
  expect(toPrintableJson({ text })).toBe(
    String.raw`{"text":"ñ \u0007 \u007f \u009b31m \u202e \u2028 \ufeff \udb40\udc01 \"\n"}`,
  );
  expect(toPrintableJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});

it('means the same as JSON, and shows nothing that could steer, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = toPrintableJson([text]);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([text])));
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
