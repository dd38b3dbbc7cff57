/** What stands in a view: an element, or text. Nothing is drawn for `false`, `null`, `undefined` and empty text. */
export type Child = VNode | string | number | false | null | undefined | readonly Child[];

/** A description of one element. Views return it; `patch` makes the page so. */
export interface VNode {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly (VNode | string)[];
  readonly key: string | undefined;
}

/**
 * Attributes by name, listeners as `onclick` and so on. Text becomes text and attributes become attributes: there is no
 * way to write markup here, so a process that is called `<img onerror=…>` is shown so.
 */
export interface Props {
  /** Keeps an element the same one when those before it come and go. Unique among its siblings. */
  readonly key?: string | number;
  readonly hook?: Hook;
  /** Its policy lets the page have no such attribute; classes do it. */
  readonly style?: never;
  readonly [name: string]: string | number | boolean | Listener | Hook | undefined;
}

/** The listener of a click is one too: what kind of event comes is settled by its name. */
type Listener = { listen(event: Event): void }['listen'];

/** For what is not made of elements, such as a chart. An element with a hook and without children is left to the hook. */
interface Hook {
  /** After the element has been put into the page. */
  create?(element: Element): void;
  /** After each later patch of it; by the hook that it has then. */
  update?(element: Element): void;
  /** Before it goes. */
  destroy?(element: Element): void;
}

/** Describes an element. */
export function h(tag: string, props?: Props | null, ...children: readonly Child[]): VNode {
  const { key } = props ?? {};
  return {
    tag,
    props: props ?? {},
    children: flatten(children),
    key: key === undefined ? undefined : String(key),
  };
}

function flatten(children: readonly Child[]): (VNode | string)[] {
  return children.flatMap((child): (VNode | string)[] => {
    if (child === false || child === null || child === undefined || child === '') return [];
    if (typeof child === 'string') return [child];
    if (typeof child === 'number') return [String(child)];
    return isList(child) ? flatten(child) : [child];
  });
}

function isList(child: VNode | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}
