// Loans of a driver to other units, past and to come.
import type { DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { useText } from './texts.ts'

type Loan = DriverDetail['loans'][number]

export function LoanList({ driver, action }: { driver: DriverDetail; action?: (loan: Loan) => React.ReactNode }) {
  const { t } = useText()
  return (
    <section className="panel-part">
      {driver.loans.length === 0 && <p className="quiet">{t('loans.none')}</p>}
      <ul className="rows">
        {driver.loans.map((loan) => (
          <li key={loan.loanId}>
            <div>
              <div>{loan.pool?.name ?? loan.organisation.name}</div>
              <div className="quiet figure">
                {loan.fromDay} – {loan.untilDay ?? t('kit.openEnd')}
              </div>
              {loan.note && <div className="quiet">{loan.note}</div>}
            </div>
            {action?.(loan)}
          </li>
        ))}
      </ul>
    </section>
  )
}
