import t from 'tap'
import { judgeDisk } from '../../services/embedded/diskGuard.ts'

const GIB = 1024 ** 3

t.test('less than 2 GiB free is low, more than 4 GiB is ample, between them nothing changes', async (t) => {
  t.equal(judgeDisk({ freeBytes: 1.9 * GIB, totalBytes: 100 * GIB }), 'low')
  t.equal(judgeDisk({ freeBytes: 3 * GIB, totalBytes: 100 * GIB }), 'between')
  t.equal(judgeDisk({ freeBytes: 4.1 * GIB, totalBytes: 100 * GIB }), 'ample')
})

t.test('a small disk is judged by its own size, so that it is not low for ever', async (t) => {
  t.equal(judgeDisk({ freeBytes: 0.5 * GIB, totalBytes: 4 * GIB }), 'low')
  t.equal(judgeDisk({ freeBytes: 1.5 * GIB, totalBytes: 4 * GIB }), 'ample')
})
