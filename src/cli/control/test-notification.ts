import { ControlClientError, followService } from '../../control/control-client.js';
import { TEST_DELIVERY, type TestDelivery } from '../../control/replies.js';
import { createConfigCommandRunner } from '../../restart/systemd/run-config-command.js';
import { channelsOf } from '../../service/notify/deliver-once.js';
import { deliverTest } from '../../service/notify/deliver-test.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import type { ServiceOptions } from '../shared/command-options.js';
import { EXIT_FAILURE } from '../shared/exit-codes.js';
import { printJson, printLines, writeOut } from '../shared/output.js';
import { readConfig } from '../shared/read-config.js';
import { runAndReport } from '../shared/run-and-report.js';

/** Sends a test notification, by the service if it runs, else by this command. Resolves to the exit code. */
export function testNotification(options: ServiceOptions): Promise<number> {
  return callService(
    options,
    async (socket) => {
      try {
        const answers = followService(socket, '/test-notification', { by: callerName() }, TEST_DELIVERY);
        return await tell(answers, 'the running service', options);
      } catch (error) {
        if (!(error instanceof ControlClientError) || error.failure !== 'absent') throw error;
        return await sendHere(options);
      }
    },
    // `sendHere` tells the faults of the file; the running service does not need it.
    { tellsFaults: false },
  );
}

/** What a service that does not run would send. */
function sendHere(options: ServiceOptions): Promise<number> {
  return runAndReport(options.json === true, async () => {
    const config = readConfig(options.config);
    const run = createConfigCommandRunner({});
    const { signal } = new AbortController();
    async function* deliver(): AsyncGenerator<TestDelivery, void> {
      const sending = channelsOf(config).map((channel) =>
        deliverTest(channel, callerName(), config, { run, signal }),
      );
      for (const delivery of sending) yield await delivery;
    }
    return await tell(deliver(), 'this command, for the service is not running', options);
  });
}

async function tell(
  deliveries: AsyncIterable<TestDelivery>,
  sender: string,
  { json, config }: ServiceOptions,
): Promise<number> {
  let count = 0;
  let failed = 0;
  for await (const delivery of deliveries) {
    count += 1;
    if (!delivery.delivered) failed += 1;
    if (json) await printJson({ ...delivery, sender });
    else await printLines(describe(delivery, sender));
  }
  if (count > 0) return failed === 0 ? 0 : EXIT_FAILURE;
  const error = `no channel is configured, so nothing was sent by ${sender}`;
  const remedy = `set command or webhook in [notify] of ${config}, then monitor_service reload`;
  if (json) await printJson({ error, remedy });
  else await writeOut(`${error}; ${remedy}\n`, process.stderr);
  return EXIT_FAILURE;
}

function describe({ channel, delivered, reason, tookMs }: TestDelivery, sender: string) {
  return delivered
    ? { text: `${channel}: delivered in ${tookMs} ms by ${sender}`, colour: 'green' as const }
    : {
        text: `${channel}: not delivered by ${sender}, after ${tookMs} ms: ${reason}`,
        colour: 'red' as const,
      };
}
