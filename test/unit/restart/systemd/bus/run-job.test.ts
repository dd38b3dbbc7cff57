import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { BusSignal } from '../../../../../src/restart/systemd/bus/bus-connection.js';
import {
  BusLostError,
  NoAnswerError,
  SystemdRefusal,
} from '../../../../../src/restart/systemd/bus/bus-errors.js';
import { adoptJob, type JobSession, runJob } from '../../../../../src/restart/systemd/bus/run-job.js';
import { Deadline } from '../../../../../src/restart/systemd/deadline.js';

const CALL = { member: 'RestartUnit', signature: 'ss', body: ['app.service', 'replace'] };
const soon = () => new Deadline({ timeoutMs: 60_000 });

function jobRemoved(path: string, result: string): BusSignal {
  const body = [7, path, 'app.service', result];
  return { sender: ':1.1', path: '/', interface: 'Manager', member: 'JobRemoved', body };
}

/** A session that answers its one call with `answer`. */
function sessionWith(answer: () => Promise<readonly unknown[]>) {
  const signals = new Subject<BusSignal>();
  const session: JobSession = { call: answer, signals: () => signals };
  return { session, signals };
}

describe('R17: the wait for a job of systemd', () => {
  it('ends with the result of that job', async () => {
    const { session, signals } = sessionWith(async () => ['/job/7']);
    const waiting = runJob(session, 'app.service', CALL, soon());
    await Promise.resolve();
    signals.next(jobRemoved('/job/6', 'failed'));
    signals.next(jobRemoved('/job/7', 'done'));
    expect(await waiting).toEqual({ outcome: 'done' });
    expect(signals.observed).toBe(false);
  });

  it('hears of an end that is told before the answer names the job', async () => {
    const { session, signals } = sessionWith(async () => {
      signals.next(jobRemoved('/job/7', 'dependency'));
      return ['/job/7'];
    });
    const outcome = await runJob(session, 'app.service', CALL, soon());
    expect(outcome).toMatchObject({ outcome: 'failed', result: 'dependency' });
  });

  it('is over at its deadline and when it is given up, and listens to nothing then', async () => {
    const { session, signals } = sessionWith(async () => ['/job/7']);
    const late = runJob(session, 'app.service', CALL, new Deadline({ timeoutMs: 1 }));
    expect(await late).toEqual({ outcome: 'unfinished', reason: 'no end within 0.001 s' });
    const controller = new AbortController();
    const givenUp = new Deadline({ timeoutMs: 60_000, signal: controller.signal });
    const waiting = runJob(session, 'app.service', CALL, givenUp);
    controller.abort();
    expect(await waiting).toEqual({ outcome: 'unfinished', reason: 'aborted' });
    expect(signals.observed).toBe(false);
  });

  it('tells a refusal from a job that systemd may have made', async () => {
    const error = new SystemdRefusal('org.freedesktop.systemd1.UnitMasked', 'Unit app.service is masked.');
    const refused = sessionWith(() => Promise.reject(error));
    expect(await runJob(refused.session, 'app.service', CALL, soon())).toEqual({ outcome: 'refused', error });
    const silent = sessionWith(() => Promise.reject(new NoAnswerError('RestartUnit', 10_000)));
    expect(await runJob(silent.session, 'app.service', CALL, soon())).toMatchObject({
      outcome: 'unfinished',
    });
  });

  it('fails with the session', async () => {
    const { session, signals } = sessionWith(async () => ['/job/7']);
    const waiting = runJob(session, 'app.service', CALL, soon());
    signals.error(new BusLostError('systemd was restarted'));
    await expect(waiting).rejects.toBeInstanceOf(BusLostError);
  });

  it('goes on in the next session where the unit still has a job', async () => {
    const row = ['app.service', '', 'loaded', 'activating', 'start-pre', '', '/unit', 7, 'start', '/job/7'];
    const { session, signals } = sessionWith(async () => [[row]]);
    const waiting = adoptJob(session, 'app.service', soon());
    signals.next(jobRemoved('/job/7', 'done'));
    expect(await waiting).toEqual({ outcome: 'done' });
  });

  it('leaves it to the state of the unit where the job ended in between', async () => {
    const row = ['app.service', '', 'loaded', 'active', 'running', '', '/unit', 0, '', '/'];
    const { session } = sessionWith(async () => [[row]]);
    expect(await adoptJob(session, 'app.service', soon())).toEqual({ outcome: 'untold' });
  });
});
