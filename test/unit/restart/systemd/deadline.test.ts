import { expect, it } from 'vitest';
import { Deadline } from '../../../../src/restart/systemd/deadline.js';

it('a deadline tells its time as people write it, also that of the rest of a wait', async () => {
  const never = new Promise<string>(() => {});
  const tell = (timeoutMs: number) => new Deadline({ timeoutMs }).race(never, (reason) => reason);
  expect(await tell(199.835656)).toBe('no end within 0.2 s');
});
