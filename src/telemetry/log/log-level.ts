import type { LoggingConfig } from '../../config/config.js';

export type LogLevel = LoggingConfig['level'];

interface LevelTraits {
  /** The method and level of pino. */
  readonly pino: 'debug' | 'info' | 'warn' | 'error';
  /** Syslog priority, as sd-daemon(3) prefixes it. */
  readonly priority: number;
  /** SGR code of the colour on a terminal. */
  readonly sgr: number;
}

/** The four levels, spelled as the original documentation spells them. */
export const LOG_LEVELS: Readonly<Record<LogLevel, LevelTraits>> = {
  DEBUG: { pino: 'debug', priority: 7, sgr: 90 },
  INFO: { pino: 'info', priority: 6, sgr: 32 },
  WARNING: { pino: 'warn', priority: 4, sgr: 33 },
  ERROR: { pino: 'error', priority: 3, sgr: 31 },
};
