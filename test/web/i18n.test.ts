import t from 'tap'
import { roles } from '../../services/contracts/permissions.ts'
import { quarantineReasons } from '../../services/contracts/position.ts'
import { vehicleStatuses } from '../../services/contracts/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../services/contracts/vehicle.ts'
import { en } from '../../web/i18n/en.ts'
import { zhCN } from '../../web/i18n/zh-CN.ts'

const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

t.test('both languages have the same keys', async (t) => {
  t.same(Object.keys(en).sort(), Object.keys(zhCN).sort())
})

t.test('both languages fill the same places in each text', async (t) => {
  for (const key of Object.keys(zhCN) as (keyof typeof zhCN)[]) t.same(slots(en[key]), slots(zhCN[key]), key)
})

t.test('no text is empty, and none shouts', async (t) => {
  for (const text of [...Object.values(zhCN), ...Object.values(en)]) t.match(text, /^[^!！]+$/)
})

t.test('every word of the contracts has a name in both languages', async (t) => {
  const keys = [
    ...roles.flatMap((role) => [`role.${role}`, `roleFor.${role}`]),
    ...vehicleStatuses.map((status) => `status.${status}`),
    ...vehicleClasses.map((kind) => `class.${kind}`),
    ...vehicleCategories.map((category) => `category.${category}`),
    ...energyTypes.map((energy) => `energy.${energy}`),
    ...quarantineReasons.map((reason) => `reason.${reason}`),
  ]
  for (const key of keys) t.ok(key in zhCN, key)
})
