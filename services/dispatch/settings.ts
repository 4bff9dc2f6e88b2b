// The configuration of the dispatch service; each key is a flag and, in capitals, an environment variable.
import { isIP } from 'node:net'
import { z } from 'zod'
import { portSchema } from '../platform/config.ts'

const url = z.url()
const yesNo = z.enum(['true', 'false']).transform((value) => value === 'true')

/** Scheme, host and port; a path would never be compared. */
const originSchema = z
  .url({ protocol: /^https?$/ })
  .refine((value) => /^https?:\/\/[^/]+\/?$/.test(value), 'an address without a path')
  .transform((value) => new URL(value).origin)

/** An address or a network of few: who believes everybody believes whoever forges the header. */
function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address, bits, ...more] = text.split('/')
  const version = isIP(address!)
  return (
    version > 0 &&
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128)))
  )
}

export const settingsSchema = z.object({
  port: portSchema.default(8080).describe('Port of the pages and the API; 0 = any that is free'),
  host: z.string().default('127.0.0.1').describe('Address to listen at'),
  'database-url': z.string().default('postgres://morin@127.0.0.1:5432/morin').describe('The database, as the role of the services'),
  'database-answer-seconds': z.coerce
    .number()
    .positive()
    .max(3600)
    .default(8)
    .describe('How long a read, a lone statement or the beginning of a transaction waits for the database, connecting included.'),
  'database-transaction-seconds': z.coerce
    .number()
    .positive()
    .max(3600)
    .default(30)
    .describe(
      "How long each later statement of a transaction does: it may wait for others' locks, and its work is worth more than its wait.",
    ),
  'database-kind': z
    .enum(['embedded', 'server'])
    .default('server')
    .describe(
      'Said in the health answer: embedded data survives a crash, not a power cut. Of an embedded one whoever asks comes before owed work.',
    ),
  'mqtt-url': z.string().default('mqtt://127.0.0.1:1883').describe('The broker, for live frames'),
  'terminal-broker': z
    .url({ protocol: /^mqtts?$/ })
    .refine((value) => new URL(value).hostname !== '', 'mqtt:// or mqtts://, a host and a port')
    .optional()
    .describe('Where terminals reach the broker, told to whoever sets them up: `mqtts://broker.example:8883`.'),
  'service-secret': z.string().optional().describe('Password of the broker user `morin-service`.'),
  'routing-url': z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('An OSRM-compatible server for travel times: http://osrm.example:5000. Without it they are estimated.'),
  'web-dir': z.string().default('web/dist').describe('Built pages (npm run build)'),
  data: z.string().optional().describe('Data directory whose disk the health answer watches.'),
  'audit-heads': z
    .string()
    .min(1)
    .optional()
    .describe('Signed heads of the audit log are added to this file; audit-heads.jsonl in the data directory when left out.'),
  'audit-heads-seconds': z.coerce.number().int().min(1).max(86_400).default(600).describe('How often a head of the audit log is signed'),
  'audit-key': z
    .string()
    .optional()
    .describe(
      'The Ed25519 key that signs them, in PEM; when left out one is made and kept beside the heads. It belongs in the environment.',
    ),
  'evidence-dir': z
    .string()
    .min(1)
    .optional()
    .describe('Evidence packages are kept in this directory, which all instances share; evidence in the data directory when left out.'),
  'evidence-key': z
    .string()
    .optional()
    .describe(
      'The Ed25519 key that signs evidence packages, in PEM; when left out one is made and kept in the data directory. It belongs in the environment.',
    ),
  'evidence-sm2-key': z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'a key is 32 bytes as 64 hexadecimal digits')
    .optional()
    .describe('A private key of SM2: with it evidence packages are signed by SM2 with SM3 instead. It belongs in the environment.'),
  demo: yesNo.default(false).describe('true = the database holds the demo region: its accounts are shown at the door'),
  'demo-password': z.string().optional().describe('Password of the demo accounts'),
  'demo-totp': yesNo.default(false).describe('Demo accounts sign in without a second factor unless this is true.'),
  'identity-key': z
    .string()
    .regex(/^[\w-]{43}$/, 'a key is 32 bytes as base64url, 43 letters')
    .optional()
    .describe('32 bytes as base64url: seals the secrets of second factors in the database. Without it none can be enrolled or checked.'),
  'push-key': z
    .string()
    .regex(/^[\w-]{43}$/, 'a key is 32 bytes as base64url, 43 letters')
    .optional()
    .describe(
      'Private key (P-256, 32 bytes as base64url) by which push services know this installation; without it nothing is pushed. It belongs in the environment.',
    ),
  'push-contact': z
    .string()
    .regex(/^(mailto:.+@.+|https:\/\/.+)$/, 'mailto: or https:')
    .optional()
    .describe('Whom a push service may ask about what is sent to it: mailto:it@cars.example; public-url when left out.'),
  'smtp-url': z
    .url({ protocol: /^smtps?$/ })
    .refine(
      (value) => new URL(value).username === '' && new URL(value).password === '',
      'an address without name and password: --smtp-user, SMTP_PASSWORD',
    )
    .optional()
    .describe(
      'The mail server by which reports are sent: smtp://mail.example:587, smtps://mail.example:465. Without it none leaves by mail, and each says so.',
    ),
  'smtp-from': z.email().optional().describe('The address that mails come from; needed with smtp-url'),
  'smtp-user': z.string().min(1).optional().describe('Our name at the mail server; told over TLS alone'),
  'smtp-password': z.string().min(1).optional().describe('Our password at the mail server. It belongs in the environment.'),
  'outbound-origins': z
    .string()
    .transform((value) => value.split(',').map((each) => each.trim()))
    .pipe(z.array(originSchema))
    .default([])
    .describe(
      'Origins of the inner network that webhooks and pushes may be sent to (`http://sms.inner:8080`), separated by commas; others must be https and public.',
    ),
  'oidc-issuer': z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('OpenID Connect sign-in, beside passwords: on when an issuer is named. The secret belongs in the environment.'),
  'oidc-client-id': z.string().min(1).optional().describe('Our name at the issuer'),
  'oidc-client-secret': z.string().min(1).optional().describe('Our secret at the issuer'),
  'oidc-redirect-url': z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the issuer sends browsers back to; public-url and /api/oidc/callback when left out.'),
  'map-style-url': url.optional().describe('Style of a base map to offer beside the offline one'),
  'tianditu-key': z
    .string()
    .regex(/^[0-9A-Za-z]{8,64}$/, 'a key is 8 to 64 letters and digits')
    .optional()
    .describe('Key of 天地图'),
  'pmtiles-url': z.string().optional().describe('Address of a PMTiles base map'),
  'map-review-no': z.string().max(200).optional().describe('审图号 line shown while such a map is'),
  'map-hosts': z
    .string()
    .transform((value) => value.split(',').map((host) => host.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .default([])
    .describe('Further origins a map style fetches tiles, glyphs or sprites from, separated by commas.'),
  'public-url': z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('How browsers reach the service; https turns on Secure cookies and HSTS.'),
  'allowed-origins': z
    .string()
    .transform((value) => value.split(',').map((each) => each.trim()))
    .pipe(z.array(originSchema))
    .default([])
    .describe(
      'Further addresses of our own pages (`https://cars.example`), separated by commas: those of proxies, names of this machine, tunnels.',
    ),
  'trust-proxy': z
    .string()
    .refine((value) => value.split(',').every((each) => isProxyAddress(each.trim())), 'addresses, or networks such as 10.0.0.0/8')
    .optional()
    .describe("Addresses of proxies whose X-Forwarded-For is believed, separated by commas. Nobody's by default."),
  'metrics-token': z
    .string()
    .min(16, 'a token has at least 16 characters')
    .optional()
    .describe('With it, /metrics answers anyone who shows it as a Bearer token; without it, this machine alone.'),
})
export type Settings = z.output<typeof settingsSchema>
