// Where a file is dropped or chosen. The picker is an ordinary file field, so that keyboard and screen reader have it too.
import { CloudUploadOutlined } from '@ant-design/icons'
import { Spin } from 'antd'
import { useRef, useState } from 'react'
import { MAX_IMPORT_BYTES, MAX_IMPORT_ROWS } from '../../../services/contracts/exchange.ts'
import { formatCount } from '../../kit/format/number.ts'
import { useText } from './texts.ts'

export function UploadBox({ busyWith, onFile }: { busyWith: string | null; onFile: (file: File) => void }) {
  const { t } = useText()
  const field = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [tooLarge, setTooLarge] = useState(false)
  const take = (file: File | undefined) => {
    if (!file) return
    setTooLarge(file.size > MAX_IMPORT_BYTES)
    if (file.size <= MAX_IMPORT_BYTES) onFile(file)
  }
  if (busyWith !== null)
    return (
      <div className="upload-box" role="status">
        <Spin />
        <p>{t('exchange.checking', { name: busyWith })}</p>
      </div>
    )
  return (
    <label
      className={over ? 'upload-box upload-over' : 'upload-box'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files[0])
      }}
    >
      <CloudUploadOutlined className="upload-icon" />
      <strong>{t('exchange.drop')}</strong>
      <span className="quiet">{t('exchange.dropText', { rows: formatCount(MAX_IMPORT_ROWS) })}</span>
      <input
        ref={field}
        type="file"
        className="upload-field"
        accept=".xlsx,.csv,.txt"
        aria-label={t('exchange.choose')}
        onChange={(event) => {
          take(event.target.files?.[0])
          // The same file, put right, must be a change again.
          event.target.value = ''
        }}
      />
      {tooLarge && (
        <span className="exchange-broken" role="alert">
          {t('exchange.tooLarge')}
        </span>
      )}
    </label>
  )
}
