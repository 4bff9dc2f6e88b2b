// What a database says when it cannot be used, as one sentence for whoever started the program.

type Fault = { code?: string; message?: string; severity?: string; errors?: Fault[]; address?: string; port?: number; hostname?: string }

const sentences: Record<string, (fault: Fault, said: string) => string> = {
  ECONNREFUSED: ({ address, port }) => `No database listens on ${address ?? 'that address'}${port ? ` port ${port}` : ''}.`,
  ENOENT: ({ address }) => `No database listens on the socket ${address ?? 'that was given'}.`,
  ENOTFOUND: ({ hostname }) => `The database's host ${hostname ?? ''} is not known.`,
  EAI_AGAIN: ({ hostname }) => `The database's host ${hostname ?? ''} cannot be looked up.`,
  ETIMEDOUT: () => 'The database does not answer.',
  EHOSTUNREACH: () => 'There is no way to the database’s host.',
  ECONNRESET: () => 'The database broke off the connection.',
  '28P01': (_fault, said) => `The database refuses the password: ${said}.`,
  '28000': (_fault, said) => `The database lets this user not in: ${said}.`,
  '3D000': (_fault, said) => `There is no such database: ${said}; make it first (createdb).`,
  '57P03': (_fault, said) => `The database is not ready yet: ${said}.`,
  '57P01': (_fault, said) => `The database ended the connection: ${said}.`,
  '53300': (_fault, said) => `The database takes no more connections: ${said}.`,
  '42501': (_fault, said) =>
    `This database user may not do what is needed: ${said} (docs/operations.md, "As services", says what the owner of the schema must be allowed).`,
  '42P01': (_fault, said) => `The schema is not there or too old: ${said}; run npm run migrate first.`,
  '42703': (_fault, said) => `The schema is too old: ${said}; run npm run migrate first.`,
  '25006': () => 'The database is read-only (a replica?); give the address of the one that may be written.',
  '53100': (_fault, said) => `The database's disk is full: ${said}.`,
}

const preload =
  "TimescaleDB is installed but not loaded: set shared_preload_libraries = 'timescaledb' in postgresql.conf and restart the server."
const patterns: [RegExp, string][] = [
  [
    /permission denied to create role/i,
    'This database user may not make the role of the services: let a superuser say ALTER ROLE … CREATEROLE for it, or make the roles himself (docs/operations.md, "As services").',
  ],
  [
    /permission denied to create extension/i,
    'This database user may not install extensions: let a superuser say CREATE EXTENSION timescaledb in this database first.',
  ],
  [/extension "timescaledb" must be preloaded/i, preload],
  [/timescaledb.*must be.*shared_preload_libraries|loaded without.*preload/i, preload],
  [
    /extension "timescaledb" is not available|could not open extension control file ".*timescaledb/i,
    'TimescaleDB is not installed on this server; install TimescaleDB 2.20 or later (its Community edition).',
  ],
  [
    /not supported under the current "apache" license/i,
    "This TimescaleDB is the Apache edition, which cannot compress; install the Community edition, or set timescaledb.license = 'timescale'.",
  ],
  [
    /could not access file "\$libdir\/timescaledb/i,
    'The TimescaleDB of this database is not installed on the server any more; install that version.',
  ],
  [/Connection terminated|timeout exceeded when trying to connect|timeout expired/i, 'The database does not answer.'],
]

/** The sentence for `error`; undefined for what is no fault of the database's that anybody expects. */
export function databaseFault(error: unknown): string | undefined {
  const fault = error as Fault
  // Every address of a name was tried in vain: the last one speaks for all.
  const inner = fault?.errors?.at(-1)
  if (inner && !fault.message) return databaseFault(inner)
  const said = String(fault?.message ?? '')
    .split('\n')[0]!
    .replace(/\.$/, '')
  const pattern = patterns.find(([test]) => test.test(said))
  if (pattern) return pattern[1]
  return fault?.code === undefined ? undefined : sentences[fault.code]?.(fault, said)
}
