import type * as z from 'zod';
import { BINLOG_KEYS } from './binlog.js';
import { DATABASE_KEYS } from './database.js';
import { type KeyInfo, keyInfo } from './key-info.js';
import { LOGGING_KEYS } from './logging.js';
import { MAINTENANCE_KEYS } from './maintenance.js';
import { METRICS_KEYS } from './metrics.js';
import { MONITOR_KEYS } from './monitor.js';
import { NOTIFY_KEYS } from './notify.js';
import { PROCESS_KEYS } from './process.js';
import { WEB_KEYS } from './web.js';

/**
 * Every section of `config.ini`, in its order; `maintenance` is `[maintenance.NAME]`, `process` is `[process.default]` and
 * `[process.NAME]`.
 */
export const SECTIONS = {
  database: DATABASE_KEYS,
  monitor: MONITOR_KEYS,
  binlog: BINLOG_KEYS,
  logging: LOGGING_KEYS,
  metrics: METRICS_KEYS,
  web: WEB_KEYS,
  notify: NOTIFY_KEYS,
  maintenance: MAINTENANCE_KEYS,
  process: PROCESS_KEYS,
} as const;

export type SectionKind = keyof typeof SECTIONS;

export const SECTION_KINDS = Object.keys(SECTIONS) as readonly SectionKind[];

export interface ConfigKey extends KeyInfo {
  readonly section: SectionKind;
  readonly key: string;
  /** From the text in the file to the value in the Config. Its issues can be shown in a fault. */
  readonly schema: z.ZodType<unknown, string>;
}

/** All keys as one flat table, in the order of the file: config.ini and the documents are checked against it. */
export const CONFIG_KEYS: readonly ConfigKey[] = SECTION_KINDS.flatMap(keysOf);

function keysOf(section: SectionKind): ConfigKey[] {
  return Object.entries<z.ZodType<unknown, string>>(SECTIONS[section].shape).map(([key, schema]) => {
    const info = keyInfo.get(schema);
    if (info === undefined) throw new Error(`${section}.${key} is not described`);
    return { ...info, section, key, schema };
  });
}
