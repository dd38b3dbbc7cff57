import * as z from 'zod';

/** Which alarms to raise or clear: those of these names or process_ids, or all. */
export const ALARM_REQUEST = z
  .strictObject({
    names: z.array(z.string().min(1).max(255)).min(1).max(1000).exactOptional(),
    all: z.literal(true).exactOptional(),
    /** Written to the notes of the rows: printable text on one line. */
    note: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u, 'must be printable text on one line')
      .exactOptional(),
  })
  .refine(({ names, all }) => (names === undefined) !== (all === undefined), 'needs either names or all');

export const ALARM_REPLY = z.object({
  processes: z.array(
    z.object({
      processId: z.number(),
      processName: z.string().nullable(),
      outcome: z.enum(['raised', 'raised already', 'row added and raised', 'cleared', 'not in alarm']),
    }),
  ),
});

export type AlarmRequest = z.infer<typeof ALARM_REQUEST>;
export type AlarmReply = z.infer<typeof ALARM_REPLY>;
