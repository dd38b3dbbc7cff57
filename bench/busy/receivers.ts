import { startBareReaction } from '../floor/start-bare-reaction.js';
import type { BenchContext } from '../support/bench.js';
import type { Stage } from '../support/stage.js';
import { startBinlogTool } from './binlog-tool.js';

/** Somebody who receives the whole binlog. */
export interface Receiver {
  readonly pid: number;
  /** Answers an alarm by the restart command. */
  readonly isReacting: boolean;
  /** Its alarms stay raised: who raised them takes them back. */
  readonly leavesAlarms: boolean;
  /** Resolves when it has received what was committed so far. Only where it does not react. */
  caughtUp?(): Promise<void>;
  stop(): Promise<unknown>;
}

export interface ReceiverKind {
  readonly name: string;
  start(stage: Stage, context: BenchContext): Promise<Receiver>;
}

export const SERVICE: ReceiverKind = {
  name: 'service',
  async start(stage) {
    const daemon = await stage.watch();
    return { pid: daemon.pid, isReacting: true, leavesAlarms: false, stop: () => daemon.stop() };
  },
};

export const ZONGJI: ReceiverKind = {
  name: 'bare zongji',
  async start(stage, { closers }) {
    const { pid, watch, stop } = await startBareReaction(stage, closers);
    await watch.waitFor(/^streaming$/, 0);
    return { pid, isReacting: true, leavesAlarms: true, stop };
  },
};

export const TOOL: ReceiverKind = {
  name: 'the server’s own tool',
  async start(stage, { closers }) {
    const tool = await startBinlogTool(stage, closers);
    return { ...tool, isReacting: false, leavesAlarms: false };
  },
};
