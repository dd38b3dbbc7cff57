import { describe, expect, it } from 'vitest';
import { MonitorError } from '../../../src/domain/errors.js';
import {
  countFindings,
  faultFinding,
  judgeError,
  okFinding,
  warningFinding,
} from '../../../src/domain/finding.js';

class DiskError extends MonitorError {
  readonly retryable = true;
}

describe('what a check finds', () => {
  it('has a level, and a remedy where there is one', () => {
    expect(okFinding('root', 'yes')).toEqual({ level: 'ok', subject: 'root', message: 'yes' });
    expect(warningFinding('root', 'no')).toStrictEqual({ level: 'warning', subject: 'root', message: 'no' });
    expect(warningFinding('root', 'no', 'sudo')).toMatchObject({ level: 'warning', remedy: 'sudo' });
    expect(faultFinding('root', 'no')).toStrictEqual({ level: 'fault', subject: 'root', message: 'no' });
    expect(faultFinding('root', 'no', 'sudo')).toMatchObject({ level: 'fault', remedy: 'sudo' });
  });

  it('is counted over all sections', () => {
    const sections = [
      { heading: 'Host', findings: [okFinding('a', ''), faultFinding('b', '')] },
      { heading: 'Files', findings: [faultFinding('c', ''), warningFinding('d', ''), faultFinding('e', '')] },
    ];
    expect(countFindings(sections)).toEqual({ ok: 1, warning: 1, fault: 3 });
    expect(countFindings([])).toEqual({ ok: 0, warning: 0, fault: 0 });
  });

  it('is a fault where the check itself fails, with the remedy of the error apart', () => {
    const fault = { level: 'fault', subject: 'state', message: 'the disk is full' };
    expect(judgeError('state', new DiskError('the disk is full', { remedy: 'make room' }))).toEqual({
      ...fault,
      remedy: 'make room',
    });
    const bare = judgeError('state', new DiskError('the disk is full'));
    expect(bare).toEqual(fault);
    expect('remedy' in bare).toBe(false);
    expect(judgeError('state', new TypeError())).toEqual({ ...fault, message: 'TypeError' });
  });
});
