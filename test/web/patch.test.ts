import { build } from 'esbuild';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/web/launch-browser.js';

/** What the page is drawn with, alone, as `dom.h` and `dom.patch`. */
async function bundleDom(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { h } from './web/dom/h.js'; export { patch } from './web/dom/patch.js';",
      resolveDir: `${import.meta.dirname}/../..`,
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'dom',
  });
  return outputFiles[0]?.text ?? '';
}

describe('patch', () => {
  let browser: Browser | undefined;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.setContent('<div id="root"></div>');
    await page.evaluate(
      `${await bundleDom()}; globalThis.dom = dom; globalThis.root = document.getElementById('root');`,
    );
  });
  afterAll(() => browser?.close());

  it('makes any list of any other, and keeps each element that stays', async () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { minLength: 2, maxLength: 6 }), async (lists) => {
        for (const [index, list] of lists.entries()) {
          const shown = await page.evaluate(`(() => {
            const before = new Map([...root.querySelectorAll('li')].map((item) => [item.textContent, item]));
            dom.patch(root, [dom.h('ul', null, ${JSON.stringify(list)}.map((key) => dom.h('li', { key }, key)))]);
            const items = [...root.querySelectorAll('li')];
            const kept = items.every((item) => before.get(item.textContent) === undefined || before.get(item.textContent) === item);
            return [items.map((item) => Number(item.textContent)), kept];
          })()`);
          expect(shown, `list ${index}`).toEqual([list, true]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps focus, selection and what was typed, also of an element that is moved', async () => {
    const draw = (before: number) =>
      page.evaluate(`dom.patch(root, [dom.h('form', null,
        ${JSON.stringify(Array.from({ length: before }, (_, index) => `p${index}`))}.map((key) => dom.h('p', { key }, key)),
        dom.h('input', { key: 'input', name: 'text' }))])`);
    await draw(1);
    await page.locator('input').fill('typed');
    await page.evaluate("document.querySelector('input').setSelectionRange(1, 3)");
    for (const before of [4, 0, 2]) await draw(before);
    expect(
      await page.evaluate(`(() => {
        const { name, value, selectionStart, selectionEnd } = document.activeElement;
        return { name, value, selectionStart, selectionEnd };
      })()`),
    ).toEqual({ name: 'text', value: 'typed', selectionStart: 1, selectionEnd: 3 });
  });

  it('writes text as text, in names of attributes too', async () => {
    const name = '<img src=x onerror="globalThis.hacked = 1">';
    await page.evaluate(
      `dom.patch(root, [dom.h('p', { title: ${JSON.stringify(name)} }, ${JSON.stringify(name)})])`,
    );
    expect(
      await page.evaluate(
        "[root.textContent, root.querySelector('p').title, root.querySelectorAll('img').length]",
      ),
    ).toEqual([name, name, 0]);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
  });

  it('calls a hook when its element comes, changes and goes', async () => {
    const calls = await page.evaluate(`(() => {
      const calls = [];
      const hook = (n) => ({
        create: (element) => calls.push('create ' + n + ' ' + element.isConnected),
        update: () => calls.push('update ' + n),
        destroy: (element) => calls.push('destroy ' + n + ' ' + element.isConnected),
      });
      dom.patch(root, [dom.h('div', null, dom.h('p', { hook: hook(1) }))]);
      dom.patch(root, [dom.h('div', null, dom.h('p', { hook: hook(2) }))]);
      dom.patch(root, []);
      return calls;
    })()`);
    expect(calls).toEqual(['create 1 true', 'update 2', 'destroy 2 true']);
  });

  it('takes away listeners and attributes that are not described any more', async () => {
    const left = await page.evaluate(`(() => {
      let clicks = 0;
      dom.patch(root, [dom.h('button', { class: 'a', disabled: true, onclick: () => { clicks += 1; } }, 'x')]);
      dom.patch(root, [dom.h('button', { disabled: false, class: undefined }, 'x')]);
      root.querySelector('button').click();
      return [clicks, root.innerHTML];
    })()`);
    expect(left).toEqual([0, '<button>x</button>']);
  });
});
