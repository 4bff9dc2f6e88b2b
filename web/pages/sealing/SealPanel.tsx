// One vehicle of a plan beside the list: where it stands, who has the keys, its photos, what positions prove, and what one may do now.
import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { Seal } from '../../../services/contracts/api/sealing.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { wordOf } from '../../../services/domain/words.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { writeVehicle } from '../../parts/vehicle/liveUrl.ts'
import { SealStep } from './SealStep.tsx'
import { useText } from './texts.ts'

const HOUR_MS = 3_600_000
const AROUND_MS = HOUR_MS / 4
type Action = Seal['mayAct'][number]

export function SealPanel({ id, seal, onClose }: { id: number; seal: Seal | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<Action | null>(null)
  return (
    <Panel
      id={id}
      title={seal && plateAsPrinted(seal.vehicle.plate)}
      kind={seal && `${seal.name} · ${t(`sealState.${seal.state}`)}`}
      actions={seal?.mayAct.map((action, n) => (
        <Button key={action} type={n === 0 ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`sealAction.${action}`)}
        </Button>
      ))}
      loading={!seal}
      onClose={onClose}
    >
      {seal && <SealBody seal={seal} />}
      {seal && asked && <SealStep rows={[seal]} action={asked} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

function SealBody({ seal }: { seal: Seal }) {
  const { t, locale } = useText()
  const account = useAccount()
  const { exempt, place, keyKeeper, findingId, proof } = seal
  return (
    <>
      <section className="panel-part">
        <Facts>
          <Fact name={t('sealing.unit')}>{seal.organisation.name}</Fact>
          <Fact name={t('sealing.span')}>
            <span className="figure">{minuteOf(seal.from)} –</span> <span className="figure">{minuteOf(seal.until)}</span>
          </Fact>
          {exempt && <Fact name={t('sealing.exemptWhy')}>{t(`sealExempt.${exempt}`)}</Fact>}
          {place && <Fact name={t('sealing.place')}>{place}</Fact>}
          {keyKeeper && <Fact name={t('sealing.keyKeeper')}>{keyKeeper}</Fact>}
          {!exempt && (
            <Fact name={t('sealing.proof')}>
              <ProofText seal={seal} />
            </Fact>
          )}
        </Facts>
        {may(account, 'track.view') && proof?.kind === 'moved' && proof.from !== null && proof.until !== null && (
          <p>
            <a href={replayOf(seal.vehicle.vehicleId, proof.from, proof.until)}>{t('sealing.replay')}</a>
          </p>
        )}
        {findingId !== null && <a href={`/findings?id=${findingId}`}>{t('sealing.finding')}</a>}
      </section>
      {!exempt && <Photos seal={seal} />}
      <section className="panel-part">
        <h3>{t('sealing.steps')}</h3>
        <ul className="rows">
          {seal.steps.map((step) => (
            <li key={`${step.at} ${step.action}`}>
              <span>
                {wordOf('sealAction', step.action, locale) ?? step.action} <span className="quiet">{step.by}</span>
                {step.reason && (
                  <>
                    <br />
                    {step.reason}
                  </>
                )}
              </span>
              <span className="quiet figure">{minuteOf(step.at)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** Where it went, with a quarter of an hour around; whoever needs a case for that is asked for it there. */
function replayOf(vehicleId: number, from: string, until: string): string {
  const range = { fromMs: Date.parse(from) - AROUND_MS, toMs: Date.parse(until) + AROUND_MS }
  return `/replay?${new URLSearchParams(writeVehicle({ vehicleId, range, trail: true }) as Record<string, string>)}`
}

function ProofText({ seal: { proof } }: { seal: Seal }) {
  const { t } = useText()
  if (!proof) return <span className="quiet">{t('sealing.proofWaits')}</span>
  const { kind, from, until, farM } = proof
  if (kind === 'stayed' || from === null || until === null) return t('sealing.proof.stayed')
  const said = { from: minuteOf(from), until: minuteOf(until) }
  const hours = Math.round((Date.parse(until) - Date.parse(from)) / HOUR_MS)
  return kind === 'moved' ? t('sealing.proof.moved', { ...said, m: farM }) : t('sealing.proof.unproved', { ...said, hours })
}

function Photos({ seal: { sealId, photos, mayAddPhoto } }: { seal: Seal }) {
  const { t, locale } = useText()
  const picker = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function add(file: File | undefined) {
    if (!file) return
    setError(null)
    setBusy(true)
    try {
      await call('addSealPhoto', { params: { sealId }, upload: file })
      await queryClient.invalidateQueries({ queryKey: ['sealing'] })
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="panel-part">
      <h3>{t('sealing.photos')}</h3>
      {photos.length === 0 && mayAddPhoto && <p className="quiet">{t('sealing.noPhotos')}</p>}
      <div className="seal-photos">
        {/* Who looks at a photo is put on record: it is fetched when it is opened, and not before. */}
        {photos.map(({ photoId, by, at }) => (
          <a
            key={photoId}
            href={`/api/v1/seals/${sealId}/photos/${photoId}`}
            title={`${by} ${minuteOf(at)}`}
            download={`seal-${sealId}-${photoId}.jpg`}
          >
            {t('sealing.photo', { n: photoId })}
          </a>
        ))}
        {mayAddPhoto && (
          <>
            <Button size="small" loading={busy} onClick={() => picker.current?.click()}>
              {t('sealing.addPhoto')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept="image/jpeg,image/png,image/webp"
              capture="environment"
              hidden
              aria-label={t('sealing.addPhoto')}
              onChange={({ target }) => {
                void add(target.files?.[0])
                target.value = ''
              }}
            />
          </>
        )}
      </div>
      {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
    </section>
  )
}
