// Rows that a test put into tables by hand are no acts: as the owner, it takes the numbers away that the database gave them.
import { actTables } from '../../services/audit/acts.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { FOUNDING } from '../../services/platform/founding.ts'

/** Everything that is there now; what is written from then on owes its records. */
export async function excuseFixtures({ url }: { url: string }): Promise<void> {
  const owner = openDatabase({ url, applicationName: 'owner', maxConnections: 1 })
  await owner.transaction(async (client) => {
    await client.query(FOUNDING)
    for (const { table } of actTables) await client.query(`UPDATE ${table} SET act = NULL WHERE act IS NOT NULL`)
  })
  await owner.close()
}
