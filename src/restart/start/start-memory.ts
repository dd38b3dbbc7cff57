import type { ProgramStart } from './start-plan.js';

/**
 * How programs ran when they were last seen running. When a start fails after the stop, or a program has crashed, there
 * is nothing left to look at: this is what a later attempt starts. In memory alone: environments hold secrets (R24).
 */
export type StartMemory = Map<string, readonly ProgramStart[]>;
