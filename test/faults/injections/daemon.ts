import type { Injection } from './injection.js';
import { last } from './last.js';

/** The shortest `circuit_reset_time` of the lab, s. */
export const SHORTEST_RESET_S = 2;

/** What happens to the service itself. */
export const DAEMON_FAULTS: readonly Injection[] = [
  {
    name: 'service SIGKILL',
    weight: 5,
    inject: ({ keeper, pace }, random) => keeper.kill(random.between(0, 800) * pace),
  },
  {
    name: 'service SIGTERM',
    weight: 3,
    inject: ({ keeper, pace }, random) => keeper.terminate(random.between(0, 500) * pace),
  },
  {
    name: 'service SIGSTOP',
    weight: 3,
    inject: ({ keeper, pace }, random) => keeper.freeze(random.between(100, 4000) * pace),
  },
  {
    name: 'service SIGHUP, other settings',
    weight: 2,
    async inject(lab, random) {
      lab.setMonitor({
        check_interval: random.pick([3, 5, 7]),
        max_parallel_restarts: random.pick([4, 5, 6]),
        circuit_reset_time: random.pick([SHORTEST_RESET_S, 3, 4]),
      });
      await lab.keeper.reload();
      await last(lab, random, 0, 300);
    },
  },
];
