// How what is typed finds a name or a plate, said once for every list.
import t from 'tap'
import { isCalled, isNamed, latinPattern, platePattern } from '../../services/dispatch/kernel/searchText.ts'

const ask = (test: ($: (value: unknown) => string) => string) => {
  const values: unknown[] = []
  return [test((value) => `$${values.push(value)}`), values]
}

t.test('a plate is found however it is written', async (t) => {
  for (const typed of ['蒙a·d12', '蒙Ａ Ｄ１２', '蒙A−D12', ' 蒙A-D12 ']) t.equal(platePattern(typed), '%蒙AD12%', typed)
  t.equal(platePattern('· '), null)
  t.equal(latinPattern('LSV-AA 49'), '%lsvaa49%')
})

t.test('a name is found in capitals or not, and by its pinyin where letters are typed', async (t) => {
  t.same(
    ask(($) => isCalled($, 'name', '甲单位')),
    ['name LIKE $1', ['%甲单位%']],
  )
  t.same(
    ask(($) => isCalled($, 'name', 'Abc')),
    ['name ILIKE $1', ['%Abc%']],
  )
  t.same(
    ask(($) => isNamed($, 'u', '甲')),
    ['u.name LIKE $1', ['%甲%']],
  )
  t.same(
    ask(($) => isNamed($, 'u', 'Hu He')),
    ['(u.name ILIKE $1 OR u.name_pinyin LIKE $2)', ['%Hu He%', '%huhe%']],
  )
})
