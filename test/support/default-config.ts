import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.js';

/** The shipped file, which says what a file with nothing but the user says. A test with a Config begins with it. */
export const DEFAULT_CONFIG = loadConfig(join(import.meta.dirname, '../../config/config.ini'));
