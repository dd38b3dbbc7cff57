import assert from 'node:assert/strict';
import { formatHistory } from '../../src/cli/history/format-history.js';
import { createPaint } from '../../src/cli/shared/terminal.js';
import { formatHistoryLine, parseHistoryLine } from '../../src/state/history-line.js';
import type { FuzzTarget } from './fuzz-target.js';

/** The history file: a line is a record that can be shown and written again, or it is left out. */
export const target: FuzzTarget = {
  open: () => ({
    run(input) {
      const records = input.split('\n').flatMap((line) => parseHistoryLine(line) ?? []);
      const lines = formatHistory(records, createPaint(false));
      assert.equal(lines.length, records.length + 1);
      for (const line of lines) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
      for (const line of lines.slice(1)) assert.match(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /);
      for (const record of records) {
        const again = parseHistoryLine(formatHistoryLine(record).trimEnd());
        assert.deepEqual(again && formatHistoryLine(again), formatHistoryLine(record));
      }
    },
  }),
};
