// Structured logs to stdout. One redaction list: nothing secret or personal leaves through a log line.
import { type Logger, pino } from 'pino'

export type { Logger }

const secret = ['password', 'secret', 'token', 'cookie', 'authorization', 'phone', 'csrfToken']

/** A logger for one service. Level from LOG_LEVEL, default info. */
export const createLogger = (service: string, level: string = process.env.LOG_LEVEL ?? 'info'): Logger =>
  pino({
    name: service,
    level,
    base: { service },
    redact: { paths: secret.flatMap((key) => [key, `*.${key}`, `req.headers.${key}`]), censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  })
