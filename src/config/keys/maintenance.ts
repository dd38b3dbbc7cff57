import * as z from 'zod';
import type { Maintenance } from '../../domain/cycle/maintenance.js';
import { omitAbsent } from './omit-absent.js';
import { cronText, duration, listOrAll } from './schedule-keys.js';
import { optionalText } from './text-keys.js';

/** `[maintenance.NAME]`. */
export const MAINTENANCE_KEYS = z.object({
  schedule: cronText({
    why: 'When it begins, as in a crontab: minute, hour, day of month, month, day of week, in the time zone of this host.',
  }),
  duration: duration({ why: 'How long it lasts: 90s, 30m, 2h, 1d or 1h30m.' }),
  processes: listOrAll({
    why: 'Processes that are not restarted meanwhile: names with a section [process.NAME], separated by commas. Without this key, all processes.',
  }),
  reason: optionalText({ why: 'Shown in the log and by status.' }),
});

export function buildMaintenance(name: string, keys: z.output<typeof MAINTENANCE_KEYS>): Maintenance {
  return omitAbsent({
    name,
    schedule: keys.schedule,
    durationMs: keys.duration,
    processes: keys.processes,
    reason: keys.reason,
  } satisfies { [K in keyof Maintenance]-?: Maintenance[K] | undefined });
}
