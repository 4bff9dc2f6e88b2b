// What the pages of terminals read, and what a change makes them read again.
import { queryOptions } from '@tanstack/react-query'
import type { TerminalRow } from '../../../services/contracts/api/terminals.ts'
import type { QueryOf } from '../../../services/contracts/api.ts'
import { call, queryClient } from '../../kit/api/session.ts'

export type TerminalFilter = Omit<NonNullable<QueryOf<'listTerminals'>>, 'limit' | 'offset'>

export const terminalQuery = (terminalId: string) =>
  queryOptions({ queryKey: ['terminal', terminalId], queryFn: ({ signal }) => call('getTerminal', { params: { terminalId }, signal }) })

export const terminalHistoryQuery = (terminalId: string) =>
  queryOptions({
    queryKey: ['terminal', terminalId, 'history'],
    queryFn: ({ signal }) => call('getTerminalHistory', { params: { terminalId }, signal }),
  })

/** After a change: terminals, whoever knocked, and the vehicles that they are in. */
export async function terminalsChanged(): Promise<void> {
  const keys = ['terminal', 'terminals', 'knocks', 'vehicleFile', 'vehicleHistory', 'vehicle', 'ledger']
  await Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
}

const AT_ONCE = 200

/** All that the list finds, page by page. */
export async function listAllTerminals(filter: TerminalFilter): Promise<TerminalRow[]> {
  const rows: TerminalRow[] = []
  for (;;) {
    const page = await call('listTerminals', { query: { ...filter, limit: AT_ONCE, offset: rows.length } })
    rows.push(...page.rows)
    if (page.rows.length < AT_ONCE) return rows
  }
}
