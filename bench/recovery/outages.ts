import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../support/monotonic.js';
import type { RecoveryScene } from './recoveries.js';

/** Takes the server away, and brings it back. */
export interface Outage {
  readonly what: string;
  begin(): Promise<void>;
  /** Lasts as long as the outage does. Answers when the server could be reached again, monotonic ms. */
  end(raise: () => Promise<void>): Promise<number>;
}

/** The server itself: shut down, and started again after some seconds. The alarm comes as soon as it takes one. */
export function restartServer({ stage }: RecoveryScene, seconds: number): Outage {
  const { server } = stage;
  return {
    what: `server restarted after ${seconds} s`,
    begin: () => server.shutDown(),
    async end(raise) {
      await delay(seconds * 1000);
      const started = server.start();
      const acceptedAt = await untilAccepted(() => server.connect());
      await raise();
      await started;
      return acceptedAt;
    },
  };
}

/** The network: connections are reset and refused. The alarm is raised by somebody whom that does not concern. */
export function cutNetwork({ proxy }: RecoveryScene, seconds: number): Outage {
  return {
    what: `network cut for ${seconds} s`,
    async begin() {
      await proxy.refuse();
      proxy.resetAll();
    },
    async end(raise) {
      await delay((seconds * 1000) / 2);
      await raise();
      await delay((seconds * 1000) / 2);
      await proxy.heal();
      return monotonicMs();
    },
  };
}

async function untilAccepted(connect: () => Promise<{ end(): Promise<void> }>): Promise<number> {
  for (;;) {
    try {
      const connection = await connect();
      const at = monotonicMs();
      await connection.end();
      return at;
    } catch {
      await delay(10);
    }
  }
}
