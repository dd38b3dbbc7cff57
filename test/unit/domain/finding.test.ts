import { describe, expect, it } from 'vitest';
import { countFindings, faultFinding, okFinding, warningFinding } from '../../../src/domain/finding.js';

describe('what a check finds', () => {
  it('has a level, and a remedy where there is one', () => {
    expect(okFinding('root', 'yes')).toEqual({ level: 'ok', subject: 'root', message: 'yes' });
    expect(warningFinding('root', 'no')).toEqual({ level: 'warning', subject: 'root', message: 'no' });
    expect(warningFinding('root', 'no', 'sudo')).toMatchObject({ level: 'warning', remedy: 'sudo' });
    expect(faultFinding('root', 'no')).toEqual({ level: 'fault', subject: 'root', message: 'no' });
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
});
