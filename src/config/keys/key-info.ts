import * as z from 'zod';

type KeyType = 'text' | 'secret' | 'path' | 'command' | 'list' | 'number' | 'word';

/** What is known of a key besides how to read it: the one source for validation, config.ini, the documents. */
export interface KeyInfo {
  readonly type: KeyType;
  /** Undefined for a bare value. */
  readonly unit?: 's' | 'KB';
  /** As written in the file; undefined: none. */
  readonly default?: string;
  /** The default takes effect when the key is absent or empty, which is not the same as writing it (R21). */
  readonly builtIn?: true;
  /** Absent is a fault: no default could be right. */
  readonly required?: true;
  /** What may be written, in words. */
  readonly allowed: string;
  /** What it is for: the words that stand above it in config.ini. */
  readonly why: string;
}

/** What a section says of one key; the rest follows from the kind of key. */
export interface KeyDescription {
  readonly default?: string;
  readonly why: string;
}

export const keyInfo = z.registry<KeyInfo>();
