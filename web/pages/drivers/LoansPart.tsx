// Loans of a driver to other units, past and to come, and ending one.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { LoanList } from '../../parts/driver/LoanList.tsx'
import { driverChanged } from './queries.ts'
import { useText } from './texts.ts'

export function LoansPart({ driver, manages }: { driver: DriverDetail; manages: boolean }) {
  const { t } = useText()
  const [ending, setEnding] = useState<number | null>(null)
  const today = dayAt(Date.now())
  return (
    <>
      <LoanList
        driver={driver}
        action={(loan) =>
          manages &&
          (loan.untilDay === null || loan.untilDay >= today) && (
            <Button size="small" onClick={() => setEnding(loan.loanId)}>
              {t('driverAct.endLoan')}
            </Button>
          )
        }
      />
      {ending !== null && <EndDialog driver={driver} loanId={ending} onClose={() => setEnding(null)} />}
    </>
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
      <Field label={t('kit.until')}>
        <Input type="date" value={untilDay} onChange={(event) => setUntilDay(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
