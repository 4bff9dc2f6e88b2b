// 情况说明: what somebody was asked to explain, and his answer. He sees the question, the vehicle and the time, and nothing else of the case.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { Explanation } from '../../../services/contracts/api/findings.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useText } from './texts.ts'

const LEAST = 4
const minute = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)
const spanText = ({ from, until }: Explanation): string => (from === until ? minute(from) : `${minute(from)} – ${minute(until)}`)
const stateKey = ({ mayAnswer, state, answer }: Explanation) =>
  answer !== null ? 'explanations.given' : mayAnswer && state === 'LAPSED' ? 'explanations.late' : 'explanations.waits'

const explanations = declareList({
  endpoint: 'listExplanations',
  key: 'explanations',
  useText,
  texts: {
    title: 'page.explanations',
    total: 'explanations.total',
    emptyTitle: 'explanations.emptyTitle',
    emptyText: 'explanations.emptyText',
  },
  columns: [
    { title: 'explanations.plate', cell: (row, { t }) => (row.plate === null ? t('explanations.hidden') : plateAsPrinted(row.plate)) },
    { title: 'explanations.question', className: 'clip', cell: (row) => row.question },
    { title: 'explanations.when', className: 'figure', cell: spanText },
    { title: 'explanations.due', className: 'figure', cell: (row) => minute(row.dueAt) },
    { title: 'explanations.state', cell: (row, { t }) => t(stateKey(row)) },
  ],
  idOf: (row) => row.findingId,
  address: idInAddress,
})

export function ExplanationsPage() {
  const list = useList(explanations)
  const { opened, open, rows } = list
  const row = rows?.find(({ findingId }) => findingId === opened)
  return <List of={list} drawer={opened !== null && row && <ExplanationPanel row={row} onClose={() => open(null)} />} />
}

function ExplanationPanel({ row, onClose }: { row: Explanation; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState(false)
  return (
    <Panel
      id={row.findingId}
      title={row.plate === null ? t('explanations.hidden') : plateAsPrinted(row.plate)}
      kind={t(stateKey(row))}
      actions={
        row.mayAnswer && (
          <Button type="primary" onClick={() => setAsked(true)}>
            {t('explanations.give')}
          </Button>
        )
      }
      onClose={onClose}
    >
      <section className="panel-part">
        <Facts>
          <Fact name={t('explanations.when')}>
            <span className="figure">{spanText(row)}</span>
          </Fact>
          <Fact name={t('explanations.due')}>
            <span className="figure">{minute(row.dueAt)}</span>
          </Fact>
          <Fact name={t('explanations.question')}>{row.question}</Fact>
          {row.answer !== null && <Fact name={t('explanations.answer')}>{row.answer}</Fact>}
        </Facts>
      </section>
      {asked && <AnswerDialog row={row} onClose={() => setAsked(false)} />}
    </Panel>
  )
}

function AnswerDialog({ row: { findingId, version, question }, onClose }: { row: Explanation; onClose: () => void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  return (
    <FormDialog
      title={t('explanations.give')}
      submitText={t('explanations.give')}
      ready={text.trim().length >= LEAST}
      onSubmit={async () => {
        await call('answerExplanation', { params: { findingId }, body: { version, text: text.trim() } })
        await queryClient.invalidateQueries({ queryKey: ['explanations'] })
      }}
      onClose={onClose}
    >
      <p className="form-whole">{question}</p>
      <Field name="text" label={t('explanations.answer')} whole required>
        <Input.TextArea
          rows={6}
          maxLength={1_000}
          value={text}
          placeholder={t('explanations.hint')}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </FormDialog>
  )
}
