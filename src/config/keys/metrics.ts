import { resolve } from 'node:path';
import * as z from 'zod';
import { optionalAddress } from './address-keys.js';
import { seconds } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { optionalTextfile } from './text-keys.js';

export const METRICS_KEYS = z.object({
  listen: optionalAddress({
    why: 'Address where Prometheus reads the metrics, at /metrics. It is plain HTTP without a login: keep it on the loopback.',
  }),
  textfile: optionalTextfile({
    why: 'File for the textfile collector of node_exporter; its name ends in .prom.',
  }),
  textfile_interval: seconds({ default: '15', min: 1, max: 3600, why: 'How often the file is written.' }),
});

export type MetricsConfig = ReturnType<typeof buildMetrics>;

export function buildMetrics(keys: z.output<typeof METRICS_KEYS>, folder: string) {
  return omitAbsent({
    /** Absent: the metrics are served on the control socket only. */
    listen: keys.listen,
    /** Absolute path that ends in .prom. */
    textfile: keys.textfile === undefined ? undefined : resolve(folder, keys.textfile),
    textfileIntervalMs: keys.textfile_interval,
  });
}
