// Who sees a telephone and a licence number in clear.
import t from 'tap'
import { maskLicence, maskPhone, shownTo } from '../../services/domain/masking.ts'
import { roles } from '../../services/domain/permissions.ts'

t.test('a masked number keeps both ends, and nothing when it is too short for that', async (t) => {
  t.equal(maskPhone('13812340000'), '138****0000')
  t.equal(maskPhone('12345'), '****')
  t.equal(maskLicence('152101199001010012'), '1521********0012')
  t.equal(maskLicence('1521012'), '********')
})

t.test('numbers are clear for those who need them, and for oneself', async (t) => {
  const clear = (kind: 'phone' | 'licence') => roles.filter((role) => shownTo(role, kind, '152101199001010012') === '152101199001010012')
  t.same(clear('phone'), ['fleet_manager', 'dispatcher', 'bureau_admin'])
  t.same(clear('licence'), ['fleet_manager', 'bureau_admin'])
  t.equal(shownTo('driver', 'licence', '152101199001010012', true), '152101199001010012')
})
