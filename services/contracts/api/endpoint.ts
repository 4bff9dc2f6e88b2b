// What one row of the API table looks like, and the shapes that many rows share.
import { z } from 'zod'
import type { Capability } from '../../domain/permissions.ts'

/** `step`: a session that has yet to pass its second factor, change its password or read a notice may ask this too. */
export type Access = Capability | 'signed-in' | 'step' | 'public'
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  access: Access
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodObject
  /** The body is the bytes of a file (application/octet-stream) of at most this size; the handler is given a Buffer. */
  upload?: { maxBytes: number }
  /** The body is a list that may be longer than a form: at most so many bytes of JSON. */
  maxBodyBytes?: number
  /** It tells where vehicles were: who asks must be let in as for a track, and the look is on record before anything leaves (test/dispatch/pastRoutes.test.ts). */
  past?: true
  /** The answer is a file: the handler returns a `Download` (platform/download.ts), and `answer` is z.unknown(). */
  download?: true
  /** What it has to say when all is not well it answers in its own shape, with 503: the status that load balancers understand. */
  answersWith503?: true
  answer: z.ZodType
}

/** Times are ISO 8601 with offset. */
/** Of a time that anything can be dated to: beyond it clocks and databases part. A phone's clock that begins in 1970 is within. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => text >= '1900' && text < '2200', '时间须在 1900 年至 2199 年之间 / between the years 1900 and 2199')
/** The number that a row has when somebody looks at it, and says again when he changes it. */
export const version = z.int().positive().max(2_147_483_647)
/** A number that names a row. */
export const id = z.coerce.number().int().positive().max(2_147_483_647)
export const pageSize = z.coerce.number().int().min(1).max(200).default(50)
export const offset = z.coerce.number().int().min(0).max(1_000_000).default(0)
/** Why someone looks or changes something, in their own words. */
export const purposeSchema = z.string().trim().min(4).max(200)
export const page = <T extends z.ZodType>(row: T) => z.object({ total: z.int(), rows: z.array(row) })
