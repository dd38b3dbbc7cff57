/** Leaves out the values that are undefined: a key that is not configured is absent in the Config. */
export function omitAbsent<T extends object>(values: T): WithoutAbsent<T>;
export function omitAbsent(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What may be undefined becomes optional. */
type WithoutAbsent<T> = Simplify<
  { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
  }
>;

type Simplify<T> = { [K in keyof T]: T[K] };
