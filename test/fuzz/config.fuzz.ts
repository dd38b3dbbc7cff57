import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { ConfigError } from '../../src/config/reading/config-error.js';
import type { FuzzTarget } from './fuzz-target.js';

/** The configuration: taken, or refused with every fault; no fault can steer a terminal, and the file stays as it is. */
export const target: FuzzTarget = {
  open() {
    const folder = mkdtempSync(join(tmpdir(), 'monitor_service-fuzz-'));
    const file = join(folder, 'config.ini');
    return {
      run(input) {
        writeFileSync(file, input, { mode: 0o600 });
        const config = load(file);
        if (!config) return;
        assert.ok(Object.isFrozen(config));
        assert.deepEqual(numbersOf(config).filter(Number.isNaN), []);
        assert.deepEqual(loadConfig(file), config);
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};

function load(file: string): Config | undefined {
  try {
    return loadConfig(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    assert.ok(error.faults.length > 0);
    for (const { line } of error.faults) assert.ok(Number.isSafeInteger(line) && line >= 1);
    assert.doesNotMatch(error.message, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    return undefined;
  }
}

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(numbersOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}
