// TEST_DATABASE_URL is a server of the tests' own: one that holds an installation is refused before anything is made there.
import t from 'tap'
import { asOwner, onServer, refuseForeignServer, startTestDatabase } from '../harness/database.ts'

t.test('a server that holds somebody’s Morin is refused by its name, and one that holds none is taken', async (t) => {
  // On a server every test begins with that question, so that its tables are named as those of tests are.
  if (onServer) return t.pass('asked of this server already')
  const database = await startTestDatabase(t)
  const rename = (sql: string) =>
    asOwner(database, async (owner) => {
      await owner.query(sql)
    })
  await t.rejects(refuseForeignServer(database.url), /holds the database morin, which is somebody's Morin/)
  await rename('ALTER TABLE positions RENAME TO others')
  await t.rejects(refuseForeignServer(database.url), /somebody's Morin/, 'an audit log alone is one, too')
  await rename('ALTER TABLE audit_log RENAME TO other_records')
  await t.resolves(refuseForeignServer(database.url))
})
