// From where, over what, to where, when and with how many: the middle of every card.
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { spanInWords } from '../../parts/trip/when.ts'
import { useText } from '../texts.ts'

type Props = { from: Stop; to: Stop; via?: readonly Stop[]; startsAt: string; endsAt: string; passengers: number | null }

export function Route({ from, to, via = [], startsAt, endsAt, passengers }: Props) {
  const { t, locale } = useText()
  return (
    <div className="phone-route">
      <p className="phone-way">
        <span className="visually-hidden">{t('phone.from')}</span>
        {from.name}
        {via.map((stop) => ` → ${stop.name}`)}
        <span aria-hidden="true"> → </span>
        <span className="visually-hidden">{t('phone.to')}</span>
        <strong>{to.name}</strong>
      </p>
      <p>
        {spanInWords(startsAt, endsAt, locale)}
        {passengers !== null && <span className="phone-whole"> · {t('phone.people', { n: passengers })}</span>}
      </p>
    </div>
  )
}
