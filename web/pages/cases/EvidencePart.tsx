// The evidence packages of a case: what became of each, its hash, who took it away; and where they are verified.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useState } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import type { EvidencePackage } from '../../../services/contracts/api/evidence.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { EvidenceDialog } from './EvidenceDialog.tsx'
import { sizeText } from './size.ts'
import { useText } from './texts.ts'

const minute = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)
const PAGE = '/evidence-verify.html'
const SHOWN = 20
/** While one is being made, or on its way. */
const POLL_MS = 1_500
/** What a page holds in its memory to save it, with words where it is refused; more goes straight from the server to the disk. */
const MOST_IN_PAGE = 200_000_000

const isMoving = ({ state, downloads }: EvidencePackage): boolean =>
  state === 'WAITING' || state === 'BUILDING' || (downloads[0] !== undefined && !downloads[0].ended)

export function EvidencePart({ of }: { of: Case }) {
  const { t, locale } = useText()
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const queryKey = ['cases', of.caseId, 'evidence']
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => call('listEvidence', { params: { caseId: of.caseId }, query: { limit: SHOWN }, signal }),
    refetchInterval: ({ state }) => (state.data?.rows.some(isMoving) ? POLL_MS : false),
  })
  const refresh = () => client.invalidateQueries({ queryKey })
  return (
    <section className="panel-part">
      <h3>{t('evidence.title')}</h3>
      {error && <p className="error-text">{errorText(error, t, locale)}</p>}
      {data?.total === 0 && <p className="quiet">{t('evidence.none')}</p>}
      <ul className="rows evidence-rows">
        {data?.rows.map((row) => (
          <PackageRow key={row.packageId} row={row} open={of.state === 'OPEN'} onTaken={refresh} />
        ))}
      </ul>
      {of.state === 'OPEN' && <Button onClick={() => setAsked(true)}>{t('evidence.make')}</Button>}
      <p className="evidence-links">
        <a href={PAGE} target="_blank" rel="noreferrer">
          {t('evidence.verify')}
        </a>
        <a href={`${PAGE}?save`} download>
          {t('evidence.savePage')}
        </a>
      </p>
      {asked && <EvidenceDialog of={of} onMade={refresh} onClose={() => setAsked(false)} />}
    </section>
  )
}

function PackageRow({ row, open, onTaken }: { row: EvidencePackage; open: boolean; onTaken: () => Promise<unknown> }) {
  const { t, locale } = useText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function take() {
    setError(null)
    if (row.bytes! > MOST_IN_PAGE) {
      window.location.assign(`/api/v1/evidence/${row.packageId}`)
      return
    }
    setBusy(true)
    try {
      await saveFile('readEvidence', { params: { packageId: row.packageId } })
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
      await onTaken()
    }
  }
  return (
    <li>
      <span className="figure">{row.number}</span> {t(`evidenceState.${row.state}`)}{' '}
      {row.bytes !== null && <span className="quiet figure">{sizeText(row.bytes)}</span>}
      <br />
      <span className="quiet">
        {t('evidence.meta', { n: row.vehicles, by: row.by })} · <span className="figure">{minute(row.askedAt)}</span>
        <br />
        <span className="figure">
          {minute(row.from)} – {minute(row.until)}
        </span>
      </span>
      {(row.state === 'WAITING' || row.state === 'BUILDING') && (
        <Progress percent={row.progress} size="small" aria-label={t('evidence.progress')} />
      )}
      {row.failure && <p className="error-text">{refusalSentence(row.failure.reason, row.failure.values, locale)}</p>}
      {row.sha256 && (
        <p className="quiet figure evidence-hash">
          {t('evidence.hash')} {row.sha256}
        </p>
      )}
      {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
      {row.state === 'READY' && open && (
        <Button size="small" type="primary" loading={busy} onClick={() => void take()}>
          {t('evidence.save')}
        </Button>
      )}
      {row.downloads.length > 0 && (
        <details>
          <summary className="quiet">
            {t('evidence.takenBy')} ({row.downloads.length})
          </summary>
          <ul className="rows">
            {row.downloads.map(({ downloadId, at, by, whole }) => (
              <li key={downloadId}>
                <span>
                  {by}{' '}
                  <span className={whole === false ? 'error-text' : 'quiet'}>
                    {whole === null ? t('evidence.underWay') : whole ? t('evidence.whole') : t('evidence.broken')}
                  </span>
                </span>
                <span className="quiet figure">{minute(at)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}
