import type { Cell } from './cell.js';
import { NODE_CELLS } from './node-cells.js';
import { SERVER_CELLS } from './server-cells.js';
import { SYSTEMD_CELLS } from './systemd-cells.js';

/** The whole matrix, in the order of docs/compatibility.md. */
export const CELLS: readonly Cell[] = [...NODE_CELLS, ...SERVER_CELLS, ...SYSTEMD_CELLS];
