// The secrets, this once: a card for each terminal to be printed, copied or saved. Leaving asks first, and there is no way back.
import { CheckOutlined, CopyOutlined, DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Pagination } from 'antd'
import { Fragment, useEffect, useRef, useState } from 'react'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { giveFile } from '../../kit/api/saveFile.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { useUnsaved } from '../../kit/useUnsaved.ts'
import { copyText } from './copyText.ts'
import { type Card, csvOf, type Issued, settingsOf, textOf } from './issued.ts'
import { QrCode } from './QrCode.tsx'
import { useText } from './texts.ts'
import './sheet.css'

/** Cards on the screen, and in one print, at a time: each holds a drawing of some thousand squares. */
const CARDS = 120

export function SecretSheet({ issued, onDone }: { issued: Issued; onDone: () => void }) {
  const { t } = useText()
  const [part, setPart] = useState(1)
  const [copied, setCopied] = useState<boolean | null>(null)
  const [leaving, setLeaving] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useUnsaved(true, t('sheet.leaveQuestion'))
  useEffect(() => heading.current?.focus(), [])
  const { cards } = issued
  const from = (part - 1) * CARDS
  const shown = cards.slice(from, from + CARDS)
  const save = () =>
    giveFile({
      fileName: `${t('sheet.file')}-${formatInstant(Date.now()).slice(0, 16).replace(/\D/g, '')}.csv`,
      content: new Blob([csvOf(issued, t)], { type: 'text/csv' }),
    })
  return (
    <section className="sheet" aria-labelledby="sheet-title">
      <header className="sheet-head">
        <h1 id="sheet-title" ref={heading} tabIndex={-1}>
          {t('sheet.title', { n: formatCount(cards.length) })}
        </h1>
        <p>{t('sheet.text')}</p>
        {leaving ? (
          <div className="sheet-actions" role="alert">
            <span>{t('sheet.leaving')}</span>
            <Button type="primary" autoFocus onClick={() => setLeaving(false)}>
              {t('sheet.stay')}
            </Button>
            <Button danger onClick={onDone}>
              {t('sheet.leave')}
            </Button>
          </div>
        ) : (
          <div className="sheet-actions">
            <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
              {t('sheet.print')}
            </Button>
            <Button icon={<DownloadOutlined />} onClick={save}>
              {t('sheet.csv')}
            </Button>
            <Button icon={copied ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void copyText(textOf(issued, t)).then(setCopied)}>
              {t('sheet.copy')}
            </Button>
            <span role="status">{copied === null ? '' : t(copied ? 'sheet.copied' : 'sheet.copyFailed')}</span>
            <Button className="sheet-done" onClick={() => setLeaving(true)}>
              {t('sheet.done')}
            </Button>
          </div>
        )}
        {cards.length > CARDS && (
          <div className="sheet-actions">
            <Pagination size="small" current={part} pageSize={CARDS} total={cards.length} showSizeChanger={false} onChange={setPart} />
            <span className="quiet">
              {t('sheet.part', { from: formatCount(from + 1), to: formatCount(from + shown.length), n: formatCount(cards.length) })}
            </span>
          </div>
        )}
      </header>
      <ul className="sheet-cards">
        {shown.map((card) => (
          <SecretCard key={card.terminalId} card={card} issued={issued} />
        ))}
      </ul>
    </section>
  )
}

function SecretCard({ card, issued }: { card: Card; issued: Issued }) {
  const { t } = useText()
  return (
    <li className="sheet-card">
      <div className="sheet-card-head">
        <div>
          <small>{t('sheet.card')}</small>
          <strong>{card.terminalId}</strong>
          <span>{card.plate === null ? t('terminal.noVehicle') : plateAsPrinted(card.plate)}</span>
          <span>{card.unit}</span>
        </div>
        <QrCode text={settingsOf(card, issued)} label={t('sheet.qr', { terminal: card.terminalId })} />
      </div>
      <Facts>
        <Fact name={t('sheet.number')}>
          <code>{card.terminalId}</code>
        </Fact>
        <Fact name={t('sheet.secret')}>
          <code className="sheet-secret">{card.secret}</code>
        </Fact>
        <Fact name={t('sheet.host')}>{issued.host ? <code>{issued.host}</code> : t('sheet.askOperator')}</Fact>
        <Fact name={t('sheet.port')}>{issued.port === null ? t('sheet.askOperator') : <code>{issued.port}</code>}</Fact>
        <Fact name={t('sheet.topic')}>
          <Topic topic={card.topic} />
        </Fact>
        <Fact name={t('terminal.model')}>{card.model ?? MISSING}</Fact>
      </Facts>
    </li>
  )
}

/** One line where there is room, otherwise broken at its levels: what is copied has no break in it. */
function Topic({ topic }: { topic: string }) {
  return (
    <code>
      {topic.split('/').map((level, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the levels of a topic stand where they stand
        <Fragment key={index}>
          {index > 0 && (
            <>
              /<wbr />
            </>
          )}
          {level}
        </Fragment>
      ))}
    </code>
  )
}
