import type { Random } from '../random.js';
import type { Lab } from '../scene/lab.js';

/** A kind of fault. */
export interface Injection {
  readonly name: string;
  readonly weight: number;
  /** The service cannot hear of the table while it lasts. */
  readonly cutsOff?: true;
  /** Makes the fault, lets it last, and undoes what it can undo. */
  readonly inject: (lab: Lab, random: Random) => Promise<void>;
}
