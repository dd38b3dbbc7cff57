import * as z from 'zod';

/** Who asks, and what may be seen. */
export const SESSION = z.object({
  /** Both only with a login. */
  user: z.string().exactOptional(),
  /** Sent back as the header X-CSRF-Token with every request that changes something. */
  token: z.string().exactOptional(),
  /** `public`: names, states, counts and times without a login. `none`: nothing without one. */
  access: z.enum(['public', 'user', 'none']),
  /** Whether there are users. */
  canLogIn: z.boolean(),
  /** Absent where nothing is shown. */
  version: z.string().exactOptional(),
});

export const LOGIN_REQUEST = z.strictObject({
  user: z.string().min(1).max(100),
  password: z.string().min(1).max(1000),
});

export const NO_BODY = z.strictObject({});

export type SessionReply = z.infer<typeof SESSION>;
export type LoginRequest = z.infer<typeof LOGIN_REQUEST>;
