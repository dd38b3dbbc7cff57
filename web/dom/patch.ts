import type { VNode } from './h.js';
import { setProps } from './set-props.js';

const SVG = 'http://www.w3.org/2000/svg';

/** What is in the page, and the description that it was made by. */
type Drawn = DrawnElement | { readonly node: Text; text: string };
interface DrawnElement {
  readonly node: Element;
  vnode: VNode;
  children: readonly Drawn[];
}

const roots = new WeakMap<Element, readonly Drawn[]>();

/**
 * Makes the children of `root` what the descriptions say. An element that stays is changed and not replaced, so that
 * focus, selection and scroll position survive; nothing else may write into `root`.
 */
export function patch(root: Element, wanted: readonly (VNode | string)[]): void {
  const { activeElement } = document;
  const created: DrawnElement[] = [];
  roots.set(root, patchChildren(root, roots.get(root) ?? [], wanted, created));
  for (const { node, vnode } of created) vnode.props.hook?.create?.(node);
  // An element that was moved among its siblings has lost the focus.
  if (activeElement !== document.activeElement && activeElement?.isConnected && 'focus' in activeElement)
    (activeElement as HTMLElement).focus({ preventScroll: true });
}

function patchChildren(
  parent: Element,
  before: readonly Drawn[],
  wanted: readonly (VNode | string)[],
  created: DrawnElement[],
): readonly Drawn[] {
  const left = new Set(before);
  const byKey = new Map(before.flatMap((drawn) => ('vnode' in drawn ? [[keyOf(drawn.vnode), drawn]] : [])));
  const plain = before.filter((drawn) => !('vnode' in drawn) || drawn.vnode.key === undefined);
  let next = 0;
  const after = wanted.map((child): Drawn => {
    const found =
      typeof child === 'object' && child.key !== undefined ? byKey.get(keyOf(child)) : plain[next++];
    if (!found || !left.has(found) || !isSame(found, child)) return draw(child, parent, created);
    left.delete(found);
    update(found, child, created);
    return found;
  });
  for (const drawn of left) remove(drawn);
  let place: ChildNode | null = parent.firstChild;
  for (const { node } of after) {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
  return after;
}

function keyOf({ tag, key }: VNode): string {
  return `${tag} ${key}`;
}

function isSame(drawn: Drawn, child: VNode | string): boolean {
  if (typeof child === 'string') return 'text' in drawn;
  return 'vnode' in drawn && drawn.vnode.tag === child.tag;
}

function draw(child: VNode | string, parent: Element, created: DrawnElement[]): Drawn {
  if (typeof child === 'string') return { node: document.createTextNode(child), text: child };
  const isSvg = child.tag === 'svg' || parent.namespaceURI === SVG;
  const node = isSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
  const drawn: DrawnElement = { node, vnode: child, children: [] };
  // Children first: a <select> has no value before it has options.
  drawn.children = patchChildren(node, [], child.children, created);
  setProps(node, {}, child.props);
  if (child.props.hook) created.push(drawn);
  return drawn;
}

function update(drawn: Drawn, child: VNode | string, created: DrawnElement[]): void {
  if ('text' in drawn) {
    if (typeof child !== 'string' || drawn.text === child) return;
    drawn.text = child;
    drawn.node.data = child;
    return;
  }
  if (typeof child === 'string' || drawn.vnode === child) return;
  const before = drawn.vnode;
  drawn.vnode = child;
  if (!child.props.hook || child.children.length > 0)
    drawn.children = patchChildren(drawn.node, drawn.children, child.children, created);
  setProps(drawn.node, before.props, child.props);
  child.props.hook?.update?.(drawn.node);
}

function remove(drawn: Drawn): void {
  end(drawn);
  drawn.node.remove();
}

function end(drawn: Drawn): void {
  if (!('vnode' in drawn)) return;
  for (const child of drawn.children) end(child);
  drawn.vnode.props.hook?.destroy?.(drawn.node);
}
