import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { HttpRequest, Reply } from '../../../src/lib/http/route.js';
import { follow } from '../../../src/web/web-route.js';

it('what a request has begun is told no further once its session is over, and goes on', async () => {
  const steps = new Subject<{ at: number }>();
  const ending = new AbortController();
  const about = { summary: 'restarts', input: z.object({}), reply: z.object({ at: z.number() }) };
  const route = follow('/api/restart', about, async () => steps);
  const ask = () =>
    route.answer({}, {} as HttpRequest, {
      access: 'user',
      session: { user: 'anna', token: 'token', over: ending.signal },
    });
  const told: unknown[] = [];
  const listen = (reply: Reply, name: string) => {
    if (reply.kind !== 'lines') throw new Error('not answered line by line');
    reply.lines.subscribe({ next: (line) => told.push(line), complete: () => told.push(`end of ${name}`) });
  };
  listen(await ask(), 'the first');
  steps.next({ at: 1 });
  ending.abort();
  steps.next({ at: 2 });
  listen(await ask(), 'the second');
  expect(told).toEqual([{ at: 1 }, 'end of the first', 'end of the second']);
  expect(steps.closed).toBe(false);
});
