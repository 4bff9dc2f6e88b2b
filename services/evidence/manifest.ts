// What an evidence package says of itself, and is signed for: manifest.json. Its bytes are signed as they stand; docs/evidence.md has the format for others.
import { z } from 'zod'

export const FORMAT = 'morin-evidence'
export const FORMAT_VERSION = 1
/** The two entries that the manifest does not list: it and its signature, the last two of the package. */
export const MANIFEST_NAME = 'manifest.json'
export const SIGNATURE_NAME = 'manifest.sig'

const span = { from: z.iso.datetime(), until: z.iso.datetime() }
const hex32 = z.string().regex(/^[0-9a-f]{64}$/)

const partSchema = z.object({
  name: z.string().min(1),
  bytes: z.int().nonnegative(),
  sha256: hex32,
  mediaType: z.string(),
})
export type Part = z.infer<typeof partSchema>

/** What was signed with, as far as another implementation must know it. */
export const signatureSchema = z.object({
  algorithm: z.enum(['Ed25519', 'SM2']),
  curve: z.string(),
  /** Of the message, within the signature. */
  hash: z.string(),
  /** SM2: the user ID that is hashed in first, as text; null where there is none. */
  id: z.string().nullable(),
  keyForm: z.string(),
  encoding: z.string(),
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: z.string(),
  /** SHA-256 of these bytes. */
  fingerprint: hex32,
})
export type SignatureSaid = z.infer<typeof signatureSchema>

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  /** 案〔2026〕0007-1: the case, and its how many-th package. */
  number: z.string(),
  case: z.object({ number: z.string(), purpose: z.string(), basis: z.string() }),
  period: z.object(span),
  /** Of every coordinate in the package. */
  datum: z.literal('WGS-84'),
  /** Of every time that is written without its own. */
  zone: z.literal('UTC+08:00'),
  madeAt: z.iso.datetime(),
  madeBy: z.object({ username: z.string(), displayName: z.string(), organisation: z.string() }),
  software: z.string(),
  vehicles: z.array(z.object({ plate: z.string(), unit: z.string(), positions: z.int(), notBelieved: z.int() })),
  /** Vehicles of the case that are not in it, and why. */
  leftOut: z.array(z.object({ plate: z.string(), why: z.string() })),
  /** Where the audit log stood when the package was made, and the last signed head that was known. */
  audit: z.object({
    algorithm: z.string(),
    seq: z.int(),
    hash: hex32,
    at: z.iso.datetime(),
    head: z.record(z.string(), z.unknown()).nullable(),
  }),
  signature: signatureSchema,
  /** In the order in which they stand in the package. */
  parts: z.array(partSchema),
})
export type Manifest = z.infer<typeof manifestSchema>
