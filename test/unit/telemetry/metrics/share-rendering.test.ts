import { expect, it } from 'vitest';
import { shareRendering } from '../../../../src/telemetry/metrics/share-rendering.js';

function createRenderer({ takes }: { readonly takes: number }) {
  let now = 0;
  let count = 0;
  const render = shareRendering(
    async () => {
      count += 1;
      const text = `rendering ${count}`;
      now += takes;
      return text;
    },
    () => now,
  );
  return {
    render,
    pass(ms: number) {
      now += ms;
    },
  };
}

it('a long rendering serves all who ask within nine times the time that it took', async () => {
  const { render, pass } = createRenderer({ takes: 50 });
  expect(await Promise.all([render(), render(), render()])).toEqual(Array(3).fill('rendering 1'));
  pass(449);
  expect(await render()).toBe('rendering 1');
  pass(1);
  expect(await render()).toBe('rendering 2');
});

it('one that took no time serves only those who asked meanwhile', async () => {
  const { render } = createRenderer({ takes: 0 });
  expect(await Promise.all([render(), render()])).toEqual(['rendering 1', 'rendering 1']);
  expect(await render()).toBe('rendering 2');
});

it('a failure is not kept', async () => {
  let fails = true;
  const render = shareRendering(
    async () => {
      if (fails) throw new Error('no');
      return 'text';
    },
    () => 0,
  );
  await expect(Promise.all([render(), render()])).rejects.toThrow('no');
  fails = false;
  expect(await render()).toBe('text');
});
