// Loans of a driver to other units, past and to come, and ending one.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../services/contracts/api/drivers.ts'
import { dayAt } from '../../services/contracts/days.ts'
import { call } from '../api/session.ts'
import { Field, FormDialog } from '../desk/FormDialog.tsx'
import { useText } from '../i18n/i18n.ts'
import { driverChanged } from './queries.ts'

export function LoansPart({ driver, manages }: { driver: DriverDetail; manages: boolean }) {
  const { t } = useText()
  const [ending, setEnding] = useState<number | null>(null)
  const today = dayAt(Date.now())
  return (
    <section className="vehicle-part">
      {driver.loans.length === 0 && <p className="quiet">{t('loans.none')}</p>}
      <ul className="desk-rows">
        {driver.loans.map((loan) => (
          <li key={loan.loanId}>
            <div>
              <div>{loan.pool?.name ?? loan.organisation.name}</div>
              <div className="quiet figure">
                {loan.fromDay} – {loan.untilDay ?? t('desk.openEnd')}
              </div>
              {loan.note && <div className="quiet">{loan.note}</div>}
            </div>
            {manages && (loan.untilDay === null || loan.untilDay >= today) && (
              <Button size="small" onClick={() => setEnding(loan.loanId)}>
                {t('driverAct.endLoan')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ending !== null && <EndDialog driver={driver} loanId={ending} onClose={() => setEnding(null)} />}
    </section>
  )
}

function EndDialog({ driver, loanId, onClose }: { driver: DriverDetail; loanId: number; onClose: () => void }) {
  const { t } = useText()
  const [untilDay, setUntilDay] = useState(dayAt(Date.now()))
  const { driverId, version } = driver
  async function save() {
    await call('endDriverLoan', { params: { driverId, loanId }, body: { untilDay, version } })
    await driverChanged(driverId)
  }
  return (
    <FormDialog
      title={t('driverAct.endLoan')}
      submitText={t('driverAct.endLoan')}
      ready={untilDay !== ''}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t('desk.until')}>
        <Input type="date" value={untilDay} onChange={(event) => setUntilDay(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
