import { describe, expect, it } from 'vitest';
import { describeStolen, readProcessorTime } from '../../../bench/support/stolen-time.js';

const BEFORE = readProcessorTime('cpu  100 10 50 9000 20 0 5 15 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n');

describe('processor time that was stolen', () => {
  it('is told as a share of what was wanted', () => {
    const after = readProcessorTime('cpu  160 10 70 9999 20 0 5 35 0 0\n');
    expect(describeStolen(BEFORE, after)).toEqual([
      'of the processor time that was wanted the host gave 20 % to its other guests',
    ]);
  });

  it('is not worth a remark where there was none, or nothing was wanted', () => {
    expect(describeStolen(BEFORE, readProcessorTime('cpu  960 10 70 9999 20 0 5 16 0 0\n'))).toEqual([]);
    expect(describeStolen(BEFORE, BEFORE)).toEqual([]);
  });

  it('is what this kernel has counted', () => {
    expect(readProcessorTime().wanted).toBeGreaterThan(0);
  });
});
