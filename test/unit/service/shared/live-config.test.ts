import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../src/config/config.js';
import { LiveConfig } from '../../../../src/service/shared/live-config.js';

const config = (checkIntervalMs: number, hostId?: string): Config =>
  ({ monitor: { checkIntervalMs, hostId } }) as Config;
const interval = ({ monitor }: Config): { ms: number } => ({ ms: monitor.checkIntervalMs });

describe('the live configuration', () => {
  it('R22: tells who depends on a part of it of its changes alone, the present one first', () => {
    const settings = new LiveConfig(config(1));
    const seen: unknown[] = [];
    settings.changes(interval).subscribe((part) => seen.push(part));
    settings.replace(config(1, 'web1'));
    settings.replace(config(2, 'web1'));
    expect(seen).toEqual([{ ms: 1 }, { ms: 2 }]);
    expect(settings.current).toEqual(config(2, 'web1'));
  });

  it('R22: tells them in the order in which they came, and of the reload when all have taken it over', () => {
    const settings = new LiveConfig(config(1));
    const told: string[] = [];
    settings.reloaded.subscribe(() => told.push('reloaded'));
    settings
      .changes(interval)
      .subscribe(() => told.push(`first: ${settings.current.monitor.checkIntervalMs}`));
    settings.changes(interval).subscribe(() => told.push('second'));
    told.length = 0;
    settings.replace(config(2));
    settings.replace(config(2));
    expect(told).toEqual(['first: 2', 'second', 'reloaded', 'reloaded']);
  });

  it('R22: tells nobody of a reload after its end', () => {
    const settings = new LiveConfig(config(1));
    const told: unknown[] = [];
    settings.changes(interval).subscribe((part) => told.push(part));
    settings.reloaded.subscribe(() => told.push('reloaded'));
    settings.close();
    settings.replace(config(2));
    expect(told).toEqual([{ ms: 1 }]);
  });
});
