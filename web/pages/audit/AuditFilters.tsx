// The filters of the audit page. Words and numbers apply with Enter or on leaving the field; choices at once.
import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { auditActions } from '../../../services/contracts/auditActions.ts'
import type { UrlText } from '../../kit/urlText.ts'
import { actionText, subjectTypes, subjectTypeText } from '../../parts/history/words.ts'
import { type FilterKey, isFiltered } from './filterUrl.ts'
import { useText } from './texts.ts'

type Props = {
  url: UrlText
  own: boolean
  onChange: (entries: Partial<Record<FilterKey, string | undefined>>) => void
  onClear: () => void
}

export function AuditFilters({ url, own, onChange, onClear }: Props) {
  const { t } = useText()
  const field = (key: FilterKey, label: string, more: { type?: string; prefix?: React.ReactNode } = {}) => (
    <Input
      // The address is the truth: another address is another field.
      key={`${key} ${url[key] ?? ''}`}
      allowClear={more.type === undefined}
      maxLength={64}
      defaultValue={url[key]}
      aria-label={label}
      placeholder={label}
      onPressEnter={(event) => onChange({ [key]: event.currentTarget.value.trim() || undefined })}
      onBlur={(event) =>
        event.currentTarget.value.trim() !== (url[key] ?? '') && onChange({ [key]: event.currentTarget.value.trim() || undefined })
      }
      onClear={() => onChange({ [key]: undefined })}
      {...more}
    />
  )
  const time = (key: 'from' | 'to', label: string) => (
    <div className="audit-time">
      <span className="quiet" aria-hidden="true">
        {label}
      </span>
      {field(key, label, { type: 'datetime-local' })}
    </div>
  )
  return (
    <search className="audit-filters">
      {field('text', t('audit.search'), { prefix: <SearchOutlined /> })}
      {!own && field('actor', t('audit.actor'))}
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('audit.action')}
        placeholder={t('audit.action')}
        value={auditActions.find((known) => known === url.action)}
        options={auditActions.map((value) => ({ value, label: actionText(t, value) }))}
        onChange={(value: string | undefined) => onChange({ action: value })}
      />
      <Select
        allowClear
        aria-label={t('audit.subjectType')}
        placeholder={t('audit.subjectType')}
        value={subjectTypes.find((known) => known === url.subjectType)}
        options={subjectTypes.map((value) => ({ value, label: subjectTypeText(t, value) }))}
        onChange={(value: string | undefined) => onChange({ subjectType: value })}
      />
      {field('subjectId', t('audit.subjectId'))}
      {time('from', t('audit.from'))}
      {time('to', t('audit.to'))}
      {isFiltered(url) && <Button onClick={onClear}>{t('audit.clear')}</Button>}
    </search>
  )
}
