// The register (单独登记): each sensitive vehicle of the scope by number and unit, who is named for it, naming and ending.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, DatePicker, Input, Select } from 'antd'
import { useState } from 'react'
import type { Naming, SecretVehicle } from '../../../services/contracts/api/secrecy.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { Pages } from '../../kit/list/Pages.tsx'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from './texts.ts'

const PAGE = 20

export function RegisterPart() {
  const { t } = useText()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const [page, setPage] = useState(1)
  const [naming, setNaming] = useState<SecretVehicle | null>(null)
  const [ending, setEnding] = useState<Naming | null>(null)
  const q = useSettled(typed.trim(), 250)
  const { data, error, refetch } = useQuery({
    queryKey: ['secret-vehicles', q, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listSecretVehicles', { query: { q: q || undefined, limit: PAGE, offset: (page - 1) * PAGE }, signal }),
  })
  const renew = () => void queries.invalidateQueries({ queryKey: ['secret-vehicles'] })
  return (
    <section className="secrecy-part">
      <header className="secrecy-head">
        <Input
          allowClear
          className="secrecy-search"
          aria-label={t('secrecy.search')}
          placeholder={t('secrecy.search')}
          value={typed}
          maxLength={64}
          onChange={(event) => {
            setTyped(event.target.value)
            setPage(1)
          }}
        />
        <span className="quiet figure">{data ? t('secrecy.total', { n: data.total }) : ''}</span>
      </header>
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error && <div className="bone" />}
      {data?.rows.length === 0 && <EmptyState title={t('secrecy.registerNone')} text={t('secrecy.registerNoneText')} />}
      <ul className="secrecy-list">
        {data?.rows.map((row) => (
          <li key={row.secretNo}>
            <div className="secrecy-row">
              <strong className="figure">{row.secretNo}</strong>
              {row.vehicle && <span>{plateAsPrinted(row.vehicle.plate)}</span>}
              <span className="quiet">{t(`sight.${row.sight}`)}</span>
            </div>
            <p>{row.unit.name}</p>
            {row.namings.length === 0 && <p className="quiet">{t('secrecy.nobody')}</p>}
            <ul className="secrecy-names">
              {row.namings.map((each) => (
                <li key={each.namingId} className={each.running ? undefined : 'quiet'}>
                  <span>{t('kit.aside', { what: each.account.displayName, aside: each.account.organisation })}</span>
                  <span className="quiet">
                    {t('secrecy.namedBy', {
                      who: each.namedBy.displayName,
                      at: formatInstant(Date.parse(each.namedAt)).slice(0, 10),
                      reason: each.reason,
                    })}
                  </span>
                  <span className="figure">{untilText(each)}</span>
                  {each.running && (
                    <Button size="small" type="text" danger onClick={() => setEnding(each)}>
                      {t('secrecy.endNaming')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            <div className="secrecy-actions">
              <Button size="small" onClick={() => setNaming(row)}>
                {t('secrecy.name')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Pages page={page} size={PAGE} total={data?.total} onPage={setPage} />
      {naming && <NameDialog vehicle={naming} onClose={() => setNaming(null)} onNamed={renew} />}
      {ending && (
        <ReasonDialog
          title={t('secrecy.endNaming')}
          text={ending.account.displayName}
          danger
          onClose={() => setEnding(null)}
          onSubmit={async (reason) => {
            await call('endNaming', { params: { namingId: ending.namingId }, body: { reason } })
            setEnding(null)
            renew()
          }}
        />
      )}
    </section>
  )

  function untilText({ running, ended, until }: Naming): string {
    if (ended) return t('secrecy.namingEnded', { at: formatInstant(Date.parse(ended.at)).slice(0, 16), reason: ended.reason })
    if (until === null) return t('secrecy.namingOpen')
    return t(running ? 'secrecy.namingUntil' : 'secrecy.namingOver', { until: formatInstant(Date.parse(until)).slice(0, 16) })
  }
}

function NameDialog({ vehicle, onClose, onNamed }: { vehicle: SecretVehicle; onClose: () => void; onNamed: () => void }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [username, setUsername] = useState<string>()
  const [until, setUntil] = useState<string | null>(null)
  const q = useSettled(typed.trim(), 250)
  const { data } = useQuery({
    queryKey: ['nameable', vehicle.secretNo, q],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listNameable', { params: { secretNo: vehicle.secretNo }, query: { q: q || undefined }, signal }),
  })
  return (
    <ReasonDialog
      title={t('secrecy.name')}
      text={t('secrecy.nameText', { no: vehicle.secretNo, unit: vehicle.unit.name })}
      ready={username !== undefined}
      onClose={onClose}
      onSubmit={async (reason) => {
        await call('nameForSecret', { params: { secretNo: vehicle.secretNo }, body: { username: username!, until, reason } })
        onNamed()
        onClose()
      }}
    >
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the select is the control inside */}
      <label>
        {t('secrecy.person')}
        <Select
          aria-label={t('secrecy.person')}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          value={username}
          options={data?.rows.map((each) => ({ value: each.username, label: `${each.displayName} · ${each.organisation}` }))}
          onChange={setUsername}
        />
      </label>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the picker is the control inside */}
      <label>
        {t('secrecy.untilDay')}
        <DatePicker onChange={(value) => setUntil(value ? value.endOf('day').toISOString() : null)} />
      </label>
    </ReasonDialog>
  )
}
