// 监督月报: monthly letters of supervision to units: made once of a month that is over, and printed.
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { LetterRow } from '../../../services/contracts/api/letters.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { useText } from './texts.ts'

const letters = declareList({
  endpoint: 'listLetters',
  key: 'letters',
  useText,
  texts: {
    ...{ title: 'page.letters', total: 'letters.total', emptyTitle: 'letters.emptyTitle', emptyText: 'letters.emptyText' },
    ...{ noMatchTitle: 'letters.noMatchTitle', noMatchText: 'letters.noMatchText' },
  },
  columns: [
    { title: 'letters.number', className: 'figure', cell: (row: LetterRow) => row.number },
    { title: 'letters.organisation', className: 'clip', cell: (row) => row.organisation.name },
    { title: 'letters.month', className: 'figure', cell: (row) => row.month },
    { title: 'letters.findings', className: 'figure', cell: (row) => row.findings },
    { title: 'letters.waiting', className: 'figure', cell: (row) => row.waiting },
    { title: 'letters.madeAt', className: 'figure', cell: (row) => `${formatInstant(Date.parse(row.madeAt)).slice(0, 16)} ${row.madeBy}` },
    {
      title: 'letters.download',
      cell: (row, { t, locale }) => (
        <Button onClick={() => void saveFile('downloadLetter', { params: { letterId: row.letterId }, query: { locale } })}>
          {t('letters.download')}
        </Button>
      ),
    },
  ],
  idOf: (row) => row.letterId,
  filters: { organisationId: unitFilter('letters.unit') },
})

export function LettersPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(letters)
  const [open, setOpen] = useState(false)
  const [organisationId, setOrganisation] = useState<number | undefined>(account.organisation.organisationId)
  const [month, setMonth] = useState('')
  return (
    <List
      of={list}
      actions={
        <AddButton needs="letter.make" onClick={() => setOpen(true)}>
          {t('letters.make')}
        </AddButton>
      }
    >
      {open && (
        <FormDialog
          title={t('letters.make')}
          submitText={t('letters.make')}
          ready={/^\d{4}-\d{2}$/.test(month) && organisationId !== undefined}
          onSubmit={async () => {
            await call('makeLetter', { body: { organisationId: organisationId!, month } })
            await queryClient.invalidateQueries({ queryKey: ['letters'] })
          }}
          onClose={() => setOpen(false)}
        >
          <p className="quiet form-whole">{t('letters.note')}</p>
          <Field name="organisationId" label={t('letters.organisation')} whole>
            <UnitChoice required label={t('letters.organisation')} value={organisationId} onChange={setOrganisation} />
          </Field>
          <Field name="month" label={t('letters.month')} whole>
            <Input
              value={month}
              maxLength={7}
              placeholder={t('letters.monthHint')}
              onChange={(event) => setMonth(event.target.value.trim())}
            />
          </Field>
        </FormDialog>
      )}
    </List>
  )
}
