// The terminal as a vehicle's file shows it: its number as a link, since when it is there, and the dialog that changes it.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import type { VehicleFile } from '../../../services/contracts/api/ledger.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from '../texts.ts'
import { terminalsChanged } from './queries.ts'
import { SinceField, useSince } from './SinceField.tsx'

export function TerminalLink({ terminalId }: { terminalId: string | null }) {
  return terminalId === null ? (
    MISSING
  ) : (
    <Link to="/terminals" search={{ id: terminalId } as never}>
      {terminalId}
    </Link>
  )
}

export function TerminalOfVehicle({ file: { terminalId, terminalSince } }: { file: VehicleFile }) {
  const { t } = useText()
  return (
    <>
      <TerminalLink terminalId={terminalId} />
      {terminalSince && (
        <span className="quiet figure">
          {' '}
          {t('terminal.ofVehicleSince', { time: formatInstant(Date.parse(terminalSince)).slice(0, 16) })}
        </span>
      )}
    </>
  )
}

/** Another terminal for the vehicle, its first, or none: from now, or from an earlier moment. */
export function SwapDialog({ file, onClose }: { file: VehicleFile; onClose: () => void }) {
  const { t } = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  const since = useSince()
  const { vehicleId, version, terminalId } = file
  const off = chosen === null && terminalId !== null
  return (
    <ReasonDialog
      title={t('terminalAct.swap')}
      submitText={t(off ? 'terminalAct.off' : terminalId === null ? 'terminalAct.fitHere' : 'terminalAct.swap')}
      text={t(off ? 'terminalAct.offText' : 'terminalAct.fitText')}
      danger={off}
      ready={(chosen !== null || off) && since.ready}
      onSubmit={async (reason) => {
        await call('bindTerminal', { params: { vehicleId }, body: { version, reason, terminalId: chosen, since: since.value } })
        await terminalsChanged()
      }}
      onClose={onClose}
    >
      <Field name="terminalId" label={t('terminalAct.new')} whole>
        <TerminalChoice label={t('terminalAct.new')} value={chosen} onChange={setChosen} />
        {terminalId !== null && <span className="quiet">{t('terminalAct.emptyIsOff', { terminal: terminalId })}</span>}
      </Field>
      <SinceField since={since} />
    </ReasonDialog>
  )
}

/** One of the terminals of the scope that are in no vehicle and not out of service. */
function TerminalChoice({ label, value, onChange }: { label: string; value: string | null; onChange: (chosen: string | null) => void }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim(), 250) || undefined
  const { data, isFetching } = useQuery({
    queryKey: ['terminals', 'choice', q],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('listTerminals', { query: { q, fitted: 'no', limit: 50 }, signal }),
  })
  const found = (data?.rows ?? []).filter(({ state }) => state !== 'revoked').map((row) => row.terminalId)
  const options = value !== null && !found.includes(value) ? [value, ...found] : found
  return (
    <Select
      aria-label={label}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={t('terminalAct.terminalSearch')}
      notFoundContent={data ? t('terminalAct.noneFree') : null}
      value={value ?? undefined}
      options={options.map((each) => ({ value: each, label: each }))}
      onChange={(id: string | undefined) => onChange(id ?? null)}
    />
  )
}
