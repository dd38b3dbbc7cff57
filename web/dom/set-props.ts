import type { Props } from './h.js';

/** Kept as properties: the attribute is only what such a control begins with. */
const LIVE = new Set(['value', 'checked']);

/** Changes the attributes and listeners that differ. */
export function setProps(element: Element, before: Props, after: Props): void {
  for (const name of Object.keys(before)) {
    if (!(name in after)) setProp(element, name, undefined);
  }
  for (const [name, value] of Object.entries(after)) {
    if (LIVE.has(name)) {
      // Also what somebody has typed meanwhile is replaced; the cursor stays where nothing changes.
      if (Reflect.get(element, name) !== value) Reflect.set(element, name, value);
    } else if (before[name] !== value) setProp(element, name, value);
  }
}

function setProp(element: Element, name: string, value: Props[string]): void {
  if (name === 'key' || name === 'hook') return;
  if (name.startsWith('on')) Reflect.set(element, name, value ?? null);
  else if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}
