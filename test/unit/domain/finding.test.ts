import { describe, expect, it } from 'vitest';
import { countFindings, fault, fine, warn } from '../../../src/domain/finding.js';

describe('what a check finds', () => {
  it('has a level, and a remedy where there is one', () => {
    expect(fine('root', 'yes')).toEqual({ level: 'ok', subject: 'root', message: 'yes' });
    expect(warn('root', 'no')).toEqual({ level: 'warning', subject: 'root', message: 'no' });
    expect(warn('root', 'no', 'sudo')).toMatchObject({ level: 'warning', remedy: 'sudo' });
    expect(fault('root', 'no')).toEqual({ level: 'fault', subject: 'root', message: 'no' });
    expect(fault('root', 'no', 'sudo')).toMatchObject({ level: 'fault', remedy: 'sudo' });
  });

  it('is counted over all sections', () => {
    const sections = [
      { heading: 'Host', findings: [fine('a', ''), fault('b', '')] },
      { heading: 'Files', findings: [fault('c', ''), warn('d', ''), fault('e', '')] },
    ];
    expect(countFindings(sections)).toEqual({ ok: 1, warning: 1, fault: 3 });
    expect(countFindings([])).toEqual({ ok: 0, warning: 0, fault: 0 });
  });
});
