import t from 'tap'
import { ownReason, sayReason } from '../../services/domain/ownReasons.ts'

t.test('a reason of the system’s own is said in the reader’s language, and one that was typed as it was typed', async (t) => {
  t.equal(sayReason(ownReason('merger'), 'en'), 'Organisations merged')
  t.equal(sayReason(ownReason('merger'), 'zh-CN'), '机构合并')
  t.equal(sayReason('添加照片', 'en'), 'Photo added', 'records of before are understood')
  t.equal(sayReason('岗位调整需要', 'en'), '岗位调整需要')
})
