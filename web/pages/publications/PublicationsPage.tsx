// 用车公示: what is made public of a month's trips: drafted, looked at as everybody will read it, approved by another person, withdrawn.
import { Button } from 'antd'
import { useState } from 'react'
import type { PublicationRow } from '../../../services/contracts/api/publication.ts'
import { publicationStates } from '../../../services/domain/publication.ts'
import { may, useAccount } from '../../kit/api/session.ts'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { DraftDialog, RuleDialog } from './dialogs.tsx'
import { PublicationPanel } from './PublicationPanel.tsx'
import { useText } from './texts.ts'

const publications = declareList({
  endpoint: 'listPublications',
  key: 'publications',
  useText,
  texts: {
    ...{
      title: 'page.publications',
      total: 'publications.total',
      emptyTitle: 'publications.emptyTitle',
      emptyText: 'publications.emptyText',
    },
    ...{ noMatchTitle: 'publications.noMatchTitle', noMatchText: 'publications.noMatchText' },
  },
  columns: [
    { title: 'publications.organisation', className: 'clip', cell: (row: PublicationRow) => row.organisation.name },
    { title: 'publications.month', className: 'figure', cell: (row) => row.month },
    { title: 'publications.state', cell: (row, { t }) => t(`publicationState.${row.state}`) },
    { title: 'publications.trips', className: 'figure', cell: (row) => row.trips },
  ],
  idOf: (row) => row.publicationId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'publications.state', values: publicationStates, word: (state) => `publicationState.${state}` }),
    organisationId: unitFilter('publications.unit'),
  },
})

export function PublicationsPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(publications)
  const [dialog, setDialog] = useState<'draft' | 'rule' | null>(null)
  return (
    <List
      of={list}
      actions={
        <>
          {may(account, 'publication.draft') && <Button onClick={() => setDialog('draft')}>{t('publications.draft')}</Button>}
          <Button onClick={() => setDialog('rule')}>{t('publications.rules')}</Button>
        </>
      }
      drawer={list.opened !== null && <PublicationPanel id={list.opened} onClose={() => list.open(null)} />}
    >
      {dialog === 'draft' && <DraftDialog onClose={() => setDialog(null)} />}
      {dialog === 'rule' && <RuleDialog sets={may(account, 'publication.approve')} onClose={() => setDialog(null)} />}
    </List>
  )
}
