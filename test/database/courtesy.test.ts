// Beside one session: whoever asks goes before what nobody waits for, which never waits for long.
import t from 'tap'
import { inTwoDoors } from '../../services/platform/courtesy.ts'
import type { Database } from '../../services/platform/db.ts'

/** A database that answers each statement when the test says so, and what it was asked so far. */
function openSlow() {
  const asked: string[] = []
  const answers = new Map<string, () => void>()
  let heard: () => void = () => undefined
  const query = async (text: string) => {
    asked.push(text)
    heard()
    await new Promise<void>((answer) => answers.set(text, answer))
    return { rows: [], rowCount: 0 }
  }
  const db = { query, transaction: (work: (client: { query: typeof query }) => Promise<unknown>) => work({ query }) } as unknown as Database
  return {
    db,
    asked,
    answer: (text: string) => answers.get(text)!(),
    async until(count: number): Promise<void> {
      while (asked.length < count)
        await new Promise<void>((resolve) => {
          heard = resolve
        })
    },
  }
}

t.test('What nobody waits for is one at a time, and begins when nobody asks', async (t) => {
  const slow = openSlow()
  const { asked, behind } = inTwoDoors(slow.db, 3_600_000)
  const first = behind.query('owed 1')
  await slow.until(1)
  const owed = [behind.query('owed 2'), behind.transaction((client) => client.query('owed 3'))]
  const questions = [asked.query('question 1'), asked.query('question 2')]
  await slow.until(3)
  t.same(slow.asked, ['owed 1', 'question 1', 'question 2'], 'those who ask do not wait for each other here')
  slow.answer('owed 1')
  await first
  slow.answer('question 1')
  await questions[0]
  t.equal(slow.asked.length, 3, 'one still asks')
  slow.answer('question 2')
  await slow.until(4)
  t.same(slow.asked.slice(3), ['owed 2'])
  slow.answer('owed 2')
  await slow.until(5)
  t.same(slow.asked.slice(4), ['owed 3'])
  slow.answer('owed 3')
  await Promise.all([...owed, ...questions])
})

t.test('However long others ask, it goes on; what fails holds up nothing', async (t) => {
  const slow = openSlow()
  const { asked, behind } = inTwoDoors(slow.db, 1)
  const question = asked.query('question')
  const failed = behind.transaction(async () => {
    throw new Error('no')
  })
  await t.rejects(failed, { message: 'no' })
  const owed = behind.query('owed')
  await slow.until(2)
  t.same(slow.asked, ['question', 'owed'])
  slow.answer('owed')
  await owed
  slow.answer('question')
  await question
})
