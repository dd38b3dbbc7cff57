import { resolve } from 'node:path';
import * as z from 'zod';
import { oneOf } from './enum-keys.js';
import { integer } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { path } from './text-keys.js';

export const LOGGING_KEYS = z.object({
  file: path({
    default: '/var/log/monitor_service/monitor_service.log',
    why: 'Log file. It is rotated by size.',
  }),
  level: oneOf(['DEBUG', 'INFO', 'WARNING', 'ERROR'], {
    default: 'INFO',
    aliases: { warn: 'WARNING' },
    why: 'Lines below this level are not logged: DEBUG, INFO, WARNING, ERROR.',
  }),
  format: oneOf(['text', 'json'], {
    default: 'text',
    why: 'text for people, json for log collectors.',
  }),
  max_log_size: integer({
    default: '5120',
    min: 1,
    max: 4_194_304,
    unit: 'KB',
    why: 'Size in KB at which the log is rotated (5 MB).',
  }),
  log_files_to_keep: integer({ default: '5', min: 1, max: 1000, why: 'How many log files are kept.' }),
});

export type LoggingConfig = ReturnType<typeof buildLogging>;

export function buildLogging(keys: z.output<typeof LOGGING_KEYS>, folder: string) {
  return omitAbsent({
    file: resolve(folder, keys.file),
    level: keys.level,
    format: keys.format,
    maxLogSizeKb: keys.max_log_size,
    logFilesToKeep: keys.log_files_to_keep,
  });
}
