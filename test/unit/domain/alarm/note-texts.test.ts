import { describe, expect, it } from 'vitest';
import { NOTE_TEXTS, withTries } from '../../../../src/domain/alarm/note-texts.js';

describe('R12: the texts of notes', () => {
  it.each([
    [NOTE_TEXTS.OK.restarted('service', 2), 'restarted by service, attempt 2'],
    [NOTE_TEXTS.FAILED.cycle({ step: 'pre-restart', attempts: 0, reason: 'exit code 1' }), 'exit code 1'],
    [
      NOTE_TEXTS.FAILED.cycle({ step: 'restart', attempts: 1, reason: 'exit code 1' }),
      'exit code 1 (restart, 1 attempt)',
    ],
    [
      NOTE_TEXTS.FAILED.cycle({ step: 'verify', attempts: 2, reason: 'inactive' }),
      'inactive (verify, 2 attempts)',
    ],
    [withTries('restarted', 1), 'restarted'],
    [withTries('restarted', 3), 'restarted, written at try 3'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
