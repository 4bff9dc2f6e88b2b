// The configuration of the dispatch service; each key is a flag and, in capitals, an environment variable.
import { z } from 'zod'
import { portSchema } from '../platform/config.ts'

const url = z.url()
const yesNo = z.enum(['true', 'false']).transform((value) => value === 'true')

export const settingsSchema = z.object({
  port: portSchema.default(8080),
  host: z.string().default('127.0.0.1'),
  'database-url': z.string().default('postgres://morin@127.0.0.1:5432/morin'),
  /** Only said in the health answer: embedded data survives a crash, not a power cut. */
  'database-kind': z.enum(['embedded', 'server']).default('server'),
  'mqtt-url': z.string().default('mqtt://127.0.0.1:1883'),
  /** Password of the broker user `morin-service`. */
  'service-secret': z.string().optional(),
  'web-dir': z.string().default('web/dist'),
  /** Data directory whose disk the health answer watches. */
  data: z.string().optional(),
  /** Signed heads of the audit log are added to this file; audit-heads.jsonl in the data directory when left out. */
  'audit-heads': z.string().min(1).optional(),
  'audit-heads-seconds': z.coerce.number().int().min(1).max(86_400).default(600),
  /** The Ed25519 key that signs them, in PEM; when left out one is made and kept beside the heads. It belongs in the environment. */
  'audit-key': z.string().optional(),
  demo: yesNo.default(false),
  'demo-password': z.string().optional(),
  /** Demo accounts sign in without a second factor unless this is true. */
  'demo-totp': yesNo.default(false),
  /** 32 bytes as base64url: seals the secrets of second factors in the database. Without it none can be enrolled or checked. */
  'identity-key': z
    .string()
    .regex(/^[\w-]{43}$/, 'a key is 32 bytes as base64url, 43 letters')
    .optional(),
  /** OpenID Connect sign-in, beside passwords: on when an issuer is named. The secret belongs in the environment. */
  'oidc-issuer': z.url({ protocol: /^https?$/ }).optional(),
  'oidc-client-id': z.string().min(1).optional(),
  'oidc-client-secret': z.string().min(1).optional(),
  /** Where the issuer sends browsers back to; public-url and /api/oidc/callback when left out. */
  'oidc-redirect-url': z.url({ protocol: /^https?$/ }).optional(),
  'map-style-url': url.optional(),
  'tianditu-key': z
    .string()
    .regex(/^[0-9A-Za-z]{8,64}$/, 'a key is 8 to 64 letters and digits')
    .optional(),
  'pmtiles-url': z.string().optional(),
  'map-review-no': z.string().max(200).optional(),
  /** Further origins a map style fetches tiles, glyphs or sprites from, separated by commas. */
  'map-hosts': z
    .string()
    .transform((value) => value.split(',').map((host) => host.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .default([]),
  /** How browsers reach the service; https turns on Secure cookies and HSTS. */
  'public-url': z.url({ protocol: /^https?$/ }).optional(),
  /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. Nobody's by default. */
  'trust-proxy': z.string().optional(),
  /** With it, /metrics answers anyone who shows it as a Bearer token; without it, this machine alone. */
  'metrics-token': z.string().min(16, 'a token has at least 16 characters').optional(),
})
export type Settings = z.output<typeof settingsSchema>
