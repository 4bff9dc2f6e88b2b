// A sensitive vehicle in the list as those see it who are not named: what it is called and roughly where, nothing else.
import type { CoarseRow } from '../../../services/contracts/api.ts'
import { MISSING } from '../../kit/format/number.ts'
import { formatAge, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { ClassMark, StatusWord } from '../../parts/marks/Marks.tsx'
import { SecretName } from '../../parts/marks/SecretName.tsx'
import { useText } from './texts.ts'

export function SecretRow({ row, selected, onOpen }: { row: CoarseRow; selected: boolean; onOpen: (id: number) => void }) {
  const { t, locale } = useText()
  const nowMs = useNow(60_000)
  const lastMs = row.last ? Date.parse(row.last.time) : null
  return (
    // The name's button does the same by keyboard.
    <tr className={selected ? 'list-row list-chosen' : 'list-row'} onClick={() => onOpen(row.vehicleId)}>
      <td>
        <button
          type="button"
          className="bare"
          aria-pressed={selected}
          onClick={(event) => {
            event.stopPropagation()
            onOpen(row.vehicleId)
          }}
        >
          <SecretName />
        </button>
      </td>
      <td>
        <StatusWord status={row.status} />
      </td>
      <td className="list-unit">{row.userUnit.name}</td>
      <td>
        <ClassMark vehicleClass={row.class} /> {t(`class.${row.class}`)}
      </td>
      <td className="quiet">{t('secret.coarse')}</td>
      <td>{MISSING}</td>
      <td className="figure fleet-right">{MISSING}</td>
      <td
        className={row.status === 'offline' ? 'figure stale' : 'figure quiet'}
        title={lastMs === null ? undefined : formatInstant(lastMs)}
      >
        {lastMs === null ? t('report.never') : t('secret.about', { age: formatAge((nowMs - lastMs) / 1000, locale) })}
      </td>
    </tr>
  )
}
