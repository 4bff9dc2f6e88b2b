// Endpoint → function for terminals. How a change is made, and into which vehicle one goes, the registry decides and hands in.
import { MAX_TERMINALS_AT_ONCE } from '../../contracts/api/terminals.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { HandlerDeps, TerminalChange, TerminalRules } from '../deps.ts'
import type { Who } from '../kernel/caller.ts'
import type { Call, Handlers } from '../routes.ts'
import { listTerminalKnocks } from './knocks.ts'
import { registerTerminals } from './register.ts'
import { connectionOf, issueSecrets } from './secrets.ts'
import { changeTerminal, issueCredentials, revokeTerminals } from './terminalChange.ts'
import { lookAtTerminal, readTerminal, requireInSight } from './terminalDetail.ts'
import { readTerminalHistory } from './terminalHistory.ts'
import { listTerminals, matching } from './terminalList.ts'

type Deps = Pick<HandlerDeps, 'db' | 'clock' | 'settings' | 'looks'> & { rules: TerminalRules }

export function createTerminalHandlers({ db, clock, settings, looks, rules }: Deps) {
  const connection = connectionOf(settings['terminal-broker'])
  /** The terminal for whoever has just changed it, wherever he took it. */
  const changed = (who: Who, terminalId: string, work: (change: TerminalChange) => Promise<void>) =>
    rules.change(who, async (change) => {
      await work(change)
      return readTerminal(change.client, change.scope, terminalId, false)
    })
  return {
    listTerminals: ({ reach, query }) => listTerminals(db, reach, query, clock.nowMs()),
    getTerminal: ({ caller, reach, params }) => lookAtTerminal({ db, looks }, { caller, reach }, params.terminalId, clock.nowMs()),
    async getTerminalHistory({ caller, reach, params, query }) {
      await requireInSight(db, reach, params.terminalId)
      return readTerminalHistory(db, { caller, reach }, params.terminalId, query.beforeSeq)
    },
    async registerTerminals({ caller, reach, body }) {
      const issued = await issueSecrets(body.terminals.map(({ terminalId }) => terminalId))
      const credentials = await rules.change({ caller, reach }, (change) => registerTerminals(change, body, issued))
      return { credentials, connection }
    },
    changeTerminal: ({ caller, reach, params, body }) =>
      changed({ caller, reach }, params.terminalId, (change) => changeTerminal(change, params.terminalId, body)),
    fitTerminal: ({ caller, reach, params, body }) =>
      changed({ caller, reach }, params.terminalId, (change) => rules.fit(change, params.terminalId, body)),
    async issueCredentials({ caller, reach, body }) {
      // In the order in which they were asked for: whoever stands before the devices works through a list.
      const prepared = body.terminalIds && (await issueSecrets([...new Set(body.terminalIds)]))
      const credentials = await rules.change({ caller, reach }, async (change) =>
        issueCredentials(change, prepared ?? (await issueSecrets(await findUnissued(change, body.filter!))), body.reason),
      )
      return { credentials, connection }
    },
    revokeTerminals: ({ caller, reach, body }) =>
      rules.change({ caller, reach }, async (change) => ({ revoked: await revokeTerminals(change, body.terminalIds, body.reason) })),
    listTerminalKnocks: ({ reach, query }) => listTerminalKnocks(db, reach, query),
  } satisfies Partial<Handlers>
}

async function findUnissued(
  { client, scope, nowMs }: TerminalChange,
  filter: NonNullable<Call<'issueCredentials'>['body']['filter']>,
): Promise<string[]> {
  const { sql, values } = matching(scope, filter, nowMs)
  const { rows } = await client.query<{ id: string }>(`SELECT t.terminal_id AS id ${sql} ORDER BY t.terminal_id COLLATE "C"`, values)
  if (rows.length === 0) throw refusal('CONFLICT', 'body.filter', 'terminal.noneFound')
  if (rows.length > MAX_TERMINALS_AT_ONCE)
    throw refusal('CONFLICT', 'body.filter', 'terminal.many', { max: MAX_TERMINALS_AT_ONCE, n: rows.length })
  return rows.map(({ id }) => id)
}
