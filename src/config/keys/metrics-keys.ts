import * as z from 'zod';
import { optionalAddress } from './address-keys.js';
import { seconds } from './number-keys.js';
import { optionalTextfile } from './text-keys.js';

/** The keys of `[metrics]`. */
export const METRICS_KEYS = z.object({
  listen: optionalAddress({
    why: 'Where Prometheus reads the metrics, over plain HTTP without a login: keep it on the loopback.',
  }),
  textfile: optionalTextfile({
    why: 'File for the textfile collector of node_exporter; its name ends in .prom.',
  }),
  textfile_interval: seconds({ default: '15', min: 1, max: 3600, why: 'It is written this often.' }),
});
