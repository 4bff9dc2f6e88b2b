// One quarantined message: reason and terminal at a glance, its bytes by a look that is on record, and the way back into ingest.
import { useMutation } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { useText } from './texts.ts'

type RowOf = AnswerOf<'listQuarantine'>['rows'][number]

export function QuarantineRow({ row }: { row: RowOf }) {
  const { t, locale } = useText()
  const account = useAccount()
  const [open, setOpen] = useState(false)
  const replay = useMutation({
    mutationFn: () => call('replayQuarantine', { params: { quarantineId: row.quarantineId } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['quarantine'] }),
  })
  return (
    <li className="quarantine-row">
      <div className="quarantine-head">
        <button type="button" className="bare" aria-expanded={open} onClick={() => setOpen(!open)}>
          <strong>{t(`reason.${row.reason}`)}</strong>
          <span className="quiet figure">{formatInstant(Date.parse(row.lastAt))}</span>
          <span>{row.terminalId ?? t('quarantine.noTerminal')}</span>
          <span className="quiet figure">
            {t('quarantine.size', { positions: formatCount(row.positions), bytes: formatCount(row.bytesLength) })}
            {row.times > 1 && ` · ${t('quarantine.times', { n: formatCount(row.times) })}`}
          </span>
        </button>
        {row.replayedAt && (
          <span className="quiet figure">{t('quarantine.replayed', { time: formatInstant(Date.parse(row.replayedAt)) })}</span>
        )}
        {may(account, 'operations.act') && (
          <Button loading={replay.isPending} onClick={() => replay.mutate()}>
            {t('quarantine.replay')}
          </Button>
        )}
      </div>
      {replay.error && (
        <p className="alarm" role="alert">
          {errorText(replay.error, t, locale)}
        </p>
      )}
      {open && <Details row={row} />}
    </li>
  )
}

function Details({ row }: { row: RowOf }) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const [look, setLook] = useState<Look | null>(null)
  return (
    <div className="quarantine-bytes">
      <Facts>
        <Fact name={t('quarantine.detail')}>
          <span lang="en">{row.detail}</span>
        </Fact>
        <Fact name={t('quarantine.topic')}>{row.topic}</Fact>
        <Fact name={t('quarantine.firstAt')}>{formatInstant(Date.parse(row.firstAt))}</Fact>
      </Facts>
      {look ? <Bytes look={look} /> : <Button onClick={() => setAsking(true)}>{t('quarantine.look')}</Button>}
      {asking && (
        <ReasonDialog
          title={t('quarantine.look')}
          text={t('quarantine.lookText')}
          onClose={() => setAsking(false)}
          onSubmit={async (purpose) => {
            const read = await call('readQuarantined', { params: { quarantineId: row.quarantineId }, query: { purpose } })
            setLook({ ...read, purpose })
            setAsking(false)
          }}
        />
      )}
    </div>
  )
}

/** What was read for one stated purpose; it is gone when the row is closed. */
type Look = AnswerOf<'readQuarantined'> & { purpose: string }

function Bytes({ look }: { look: Look }) {
  const { t } = useText()
  const [shape, setShape] = useState<'text' | 'base64'>(look.text === null ? 'base64' : 'text')
  return (
    <>
      <p className="quiet">{t('quarantine.onRecord', { purpose: look.purpose })}</p>
      <Segmented
        aria-label={t('quarantine.bytes')}
        value={shape}
        onChange={setShape}
        options={[
          { value: 'text', label: t('quarantine.asText'), disabled: look.text === null },
          { value: 'base64', label: 'Base64' },
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long bytes scroll, so the keyboard must reach them */}
      <pre tabIndex={0}>{shape === 'text' ? look.text : look.base64}</pre>
    </>
  )
}
