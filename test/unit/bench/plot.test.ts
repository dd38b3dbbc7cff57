import { describe, expect, it } from 'vitest';
import { drawBars } from '../../../bench/plot/bar-plot.js';
import { drawLines } from '../../../bench/plot/line-plot.js';
import { scaleFor } from '../../../bench/plot/scale.js';

describe('a scale', () => {
  it('begins at 0 and ends at a round number above all values', () => {
    const { at, ticks } = scaleFor({ label: 'ms', kind: 'linear' }, [3, 47], 0, 500);
    expect(ticks).toEqual([0, 10, 20, 30, 40, 50]);
    expect(at(0)).toBe(0);
    expect(at(47)).toBe(470);
  });

  it('of one kind has whole decades, and keeps what is below them at its edge', () => {
    const { at, ticks } = scaleFor({ label: 'ms', kind: 'log' }, [-0.2, 2, 900], 100, 400);
    expect(ticks).toEqual([1, 10, 100, 1000]);
    expect(at(10)).toBe(200);
    expect(at(-0.2)).toBe(100);
  });

  it('has room where all values are the same', () => {
    expect(scaleFor({ label: 'ms', kind: 'linear' }, [0, 0], 0, 100).at(0)).toBe(0);
    expect(scaleFor({ label: 'ms', kind: 'log' }, [10, 10], 0, 100).ticks).toEqual([10, 100]);
  });
});

describe('a plot', () => {
  const axis = (label: string) => ({ label, kind: 'linear' }) as const;

  it('says its title, its axes and its lines, whatever characters they have', () => {
    const lines = [{ name: 'a < "b" & c', points: [[0, 1] as const, [2, 3] as const] }];
    const svg = drawLines({ title: 'T & T', x: axis('ms'), y: axis('MB'), lines });
    expect(svg).toContain('<title>T &amp; T</title>');
    expect(svg).toContain('a &lt; &quot;b&quot; &amp; c');
    expect(svg).toMatch(/>ms<\/text>[\s\S]*>MB<\/text>/);
    expect(svg).not.toContain('NaN');
  });

  it('has a bar for each value, and the aim', () => {
    const groups = [
      {
        label: 'g',
        bars: [
          { name: 'ours', value: 2 },
          { name: 'floor', value: 4 },
        ],
      },
    ];
    const svg = drawBars({ title: 'T', y: axis('s'), groups, aim: { name: 'at most 5', y: 5 } });
    expect(svg.match(/<rect [^>]*height="(?!12")/g)).toHaveLength(2);
    expect(svg).toContain('at most 5');
  });

  it('of nothing is refused', () => {
    expect(() => drawLines({ title: 'T', x: axis('x'), y: axis('y'), lines: [] })).toThrow('nothing to draw');
  });
});
