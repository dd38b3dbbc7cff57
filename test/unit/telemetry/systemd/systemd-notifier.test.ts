import { describe, expect, it } from 'vitest';
import { openNotifier } from '../../../../src/telemetry/systemd/systemd-notifier.js';

const SYSTEMD = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '60000000' };

/** Takes messages; `next` resolves with the next one that is sent, and lets its sender go on. */
class Recorder {
  readonly sent: (readonly string[])[] = [];
  #take: (() => void) | undefined;

  readonly send = (_socket: string, lines: readonly string[]): Promise<void> => {
    this.sent.push(lines);
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  };

  /** systemd has taken the message: the next one may be sent. */
  async take(): Promise<void> {
    this.#take?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('openNotifier', () => {
  it('does nothing where systemd does not ask for it', () => {
    const recorder = new Recorder();
    const notifier = openNotifier({ WATCHDOG_USEC: '1' }, expect.unreachable, recorder.send);
    notifier.ready();
    notifier.status('streaming');
    expect(recorder.sent).toEqual([]);
    expect(notifier.watchdogIntervalMs).toBeUndefined();
  });

  it('asks for a sign of life three times per period of the watchdog, where it is for this process', () => {
    const intervalOf = (env: NodeJS.ProcessEnv) =>
      openNotifier({ ...SYSTEMD, ...env }, expect.unreachable).watchdogIntervalMs;
    expect(intervalOf({})).toBe(20_000);
    expect(intervalOf({ WATCHDOG_PID: String(process.pid) })).toBe(20_000);
    expect(intervalOf({ WATCHDOG_PID: '1' })).toBeUndefined();
    expect(intervalOf({ WATCHDOG_USEC: '0' })).toBeUndefined();
    expect(intervalOf({ WATCHDOG_USEC: undefined })).toBeUndefined();
  });

  it('tells every change of state in order, and with each the status of that moment', async () => {
    const recorder = new Recorder();
    const notifier = openNotifier(SYSTEMD, expect.unreachable, recorder.send);
    notifier.status('connecting');
    notifier.ready();
    notifier.reloading();
    notifier.ready();
    notifier.status('streaming');
    for (let message = 0; message < 4; message += 1) await recorder.take();
    expect(recorder.sent).toEqual([
      ['STATUS=connecting'],
      ['READY=1', 'STATUS=streaming'],
      ['RELOADING=1', expect.stringMatching(/^MONOTONIC_USEC=\d+$/), 'STATUS=streaming'],
      ['READY=1', 'STATUS=streaming'],
    ]);
  });

  it('makes one message of a storm of statuses, the latest one', async () => {
    const recorder = new Recorder();
    const notifier = openNotifier(SYSTEMD, expect.unreachable, recorder.send);
    for (let alarms = 0; alarms < 1000; alarms += 1) notifier.status(`${alarms} standing alarms`);
    await recorder.take();
    notifier.ping();
    await recorder.take();
    expect(recorder.sent).toEqual([
      ['STATUS=0 standing alarms'],
      ['STATUS=999 standing alarms', 'WATCHDOG=1'],
    ]);
  });

  it('repeats with each sign of life what systemd must know, should a message have been lost', async () => {
    const recorder = new Recorder();
    const notifier = openNotifier(SYSTEMD, expect.unreachable, recorder.send);
    notifier.ready();
    await recorder.take();
    notifier.ping();
    expect(recorder.sent[1]).toEqual(['READY=1', 'STATUS=', 'WATCHDOG=1']);
  });

  it('says that it stops and for how long, and nothing else after that', async () => {
    const recorder = new Recorder();
    const notifier = openNotifier(SYSTEMD, expect.unreachable, recorder.send);
    notifier.ready();
    notifier.stopping(45_000);
    notifier.status('streaming');
    await recorder.take();
    await recorder.take();
    expect(recorder.sent.at(-1)).toEqual([
      'STOPPING=1',
      'EXTEND_TIMEOUT_USEC=45000000',
      'STATUS=stopping, running cycles may finish',
    ]);
    await notifier.flush();
  });

  it('R13: a message that cannot be sent is reported once and stops nothing', async () => {
    const reasons: string[] = [];
    const notifier = openNotifier(
      SYSTEMD,
      (reason) => reasons.push(reason),
      async () => {
        throw new Error('spawn systemd-notify ENOENT');
      },
    );
    notifier.ready();
    notifier.ping();
    await notifier.flush();
    notifier.ping();
    await notifier.flush();
    expect(reasons).toEqual(['spawn systemd-notify ENOENT']);
  });

  it('keeps control characters and endless reasons out of the status line', () => {
    const recorder = new Recorder();
    openNotifier(SYSTEMD, expect.unreachable, recorder.send).status(`a\nREADY=1\n${'x'.repeat(1000)}`);
    expect(recorder.sent[0]?.[0]).toMatch(/^STATUS=a READY=1 x{400,500}$/);
  });
});
