// The driver message of docs/device-protocol.md: a card was put into the terminal's reader, or taken out.
import { z } from 'zod'

/** The most of them that one message may carry. */
export const MOST_SIGN_ONS = 100

export const driverSignOnSchema = z
  .object({
    /** Device time: ISO 8601 with offset, or whole milliseconds since 1970-01-01T00:00Z. */
    time: z.union([z.iso.datetime({ offset: true }), z.int()]),
    /** What JT/T 808 0x0702 calls the state of the card. */
    state: z.enum(['in', 'out']),
    /** The number on the card, as the ledger has that of the licence. */
    licence: z
      .string()
      .regex(/^[0-9A-Za-z]{6,20}$/)
      .optional(),
  })
  .refine(({ state, licence }) => state === 'out' || licence !== undefined, {
    path: ['licence'],
    message: 'a card that is put in has a number',
  })

/** null: taken out. */
export type DriverSignOn = { tsMs: number; licence: string | null; on: boolean }
